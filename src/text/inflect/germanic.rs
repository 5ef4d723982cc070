//! The genitive of Swedish, Norwegian, Danish and English.

use crate::text::Case;

/// Endings of names whose `s` is their own, against endings before which an `s` is the genitive's; the longest decides.
const OWN: [&str; 30] = [
    "ås", "näs", "nes", "næs", "ness", "fors", "hus", "huus", "is", "us", "os", "as", "ers", "oss", "æs", "torps",
    "ns", "els", "rs", "xas", "ois", "press", "ess", "ss", "ics", "ings", "ens", "ans", "lands", "js",
];
const GENITIVE: [&str; 24] = [
    "eås", "löfs", "ens", "ans", "ets", "ings", "borgs", "stads", "lands", "holms", "köpings", "ngs", "ers", "uns",
    "ars", "ors", "urs", "ns", "torps", "iets", "els", "njas", "ias", "kas",
];

/// The base forms of a Scandinavian word: names that end in `s` have both readings.
pub(super) fn scandinavian(word: &str) -> Vec<(String, Case)> {
    let nominative = (word.to_owned(), Case::Nominative);
    // `EU:s`, `USA:s`
    if let Some((stem, suffix)) = word.split_once(':') {
        return match suffix {
            "s" => vec![(stem.to_owned(), Case::Genitive)],
            "n" | "en" | "et" | "t" => vec![(stem.to_owned(), Case::Nominative), nominative],
            "ns" | "ens" | "ets" | "ts" => vec![(stem.to_owned(), Case::Genitive), nominative],
            _ => vec![nominative],
        };
    }
    if let Some(stem) =
        word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).or_else(|| word.strip_suffix(['\'', '’']))
    {
        return if stem.is_empty() { vec![nominative] } else { vec![(stem.to_owned(), Case::Genitive)] };
    }
    let Some(stem) = word.strip_suffix('s') else { return vec![nominative] };
    // A genitive adds nothing to `s`, `x`, `z`, and what is left of a short word is no name.
    if stem.chars().count() < 2 || stem.ends_with(['s', 'x', 'z']) {
        return vec![nominative, (word.to_owned(), Case::Genitive)];
    }
    let longest = |table: &[&str]| table.iter().filter(|e| word.ends_with(**e)).map(|e| e.len()).max().unwrap_or(0);
    let genitive = (stem.to_owned(), Case::Genitive);
    if longest(&OWN) > longest(&GENITIVE) { vec![nominative, genitive] } else { vec![genitive, nominative] }
}

/// The base forms of an English word: `Sweden's`, and the plain word of a plural's `States'`.
pub(super) fn english(word: &str) -> Vec<(String, Case)> {
    for ending in ["'s", "’s", "'", "’"] {
        if let Some(stem) = word.strip_suffix(ending)
            && !stem.is_empty()
        {
            return vec![(stem.to_owned(), Case::Genitive)];
        }
    }
    vec![(word.to_owned(), Case::Nominative)]
}
