//! Which of the five languages a text is in: weights of words and letter groups, learned by
//! `examples/train_language.rs` and kept in `grammar/language.tsv`. Nynorsk counts as Norwegian.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use crate::model::Lang;

/// How many bytes of a text are looked at.
const SAMPLE: usize = 16 << 10;

/// Weights of each feature, in the order of [`Lang::ALL`].
static WEIGHTS: LazyLock<HashMap<&'static str, [i8; 5]>> = LazyLock::new(|| {
    let mut weights = HashMap::new();
    for line in include_str!("../../grammar/language.tsv").lines().filter(|l| !l.starts_with('#')) {
        let mut fields = line.split('\t');
        let Some(feature) = fields.next() else { continue };
        let mut row = [0; 5];
        for (slot, field) in row.iter_mut().zip(fields) {
            *slot = field.parse().unwrap_or(0);
        }
        weights.insert(feature, row);
    }
    weights
});

/// Calls `with` with each feature of a text: its words between blanks, and their groups of one to four letters.
/// Digits and capitals say nothing of the language and are dropped or lowered.
pub fn language_features(text: &str, mut with: impl FnMut(&str)) {
    let mut cut = text.len().min(SAMPLE);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let mut word = String::new();
    for form in text[..cut].split(|c: char| !c.is_alphabetic() && !matches!(c, '\u{300}'..='\u{36f}')) {
        if form.is_empty() || form.len() > 80 {
            continue;
        }
        word.clear();
        word.push(' ');
        word.extend(form.nfc().flat_map(char::to_lowercase));
        word.push(' ');
        with(&word);
        let bounds: Vec<usize> = word.char_indices().map(|(i, _)| i).chain([word.len()]).collect();
        for n in 1..=4 {
            // The whole word in blanks is a feature already.
            for w in bounds.windows(n + 1).filter(|w| w[n] - w[0] < word.len()) {
                let group = &word[w[0]..w[n]];
                if group != " " {
                    with(group);
                }
            }
        }
    }
}

/// The language of a text, or `None` where nothing in it speaks for one of the five.
///
/// ```
/// use samband::{model::Lang, text::language};
/// assert_eq!(language("Kaupunki tekee yhteistyötä yliopiston kanssa."), Some(Lang::Fi));
/// assert_eq!(language("12 345"), None);
/// ```
pub fn language(text: &str) -> Option<Lang> {
    let mut sums = [0i64; 5];
    let mut known = 0;
    language_features(text, |feature| {
        if let Some(row) = WEIGHTS.get(feature) {
            known += 1;
            for (sum, w) in sums.iter_mut().zip(row) {
                *sum += i64::from(*w);
            }
        }
    });
    if known < 3 {
        return None;
    }
    // Ties go to the language that is declared first.
    let best = (0..5).rev().max_by_key(|&i| sums[i])?;
    Lang::ALL.get(best).copied()
}

/// The language of a text; of one too short to tell, the fallback (the language of the document, say).
pub fn language_or(text: &str, fallback: Lang) -> Lang {
    // A heading or a list of names is no sample of a language.
    if text.chars().filter(|c| c.is_alphabetic()).take(25).count() < 25 {
        return fallback;
    }
    language(text).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five() {
        for (text, want) in [
            ("Kommunen har sedan 2014 ett nära samarbete med staden och dess näringsliv.", Lang::Sv),
            ("Kaupunki ja yliopisto ovat tehneet yhteistyötä vuodesta 2014 lähtien.", Lang::Fi),
            ("The municipality has cooperated with the city since 2014.", Lang::En),
            ("Kommunen har siden 2014 hatt et nært samarbeid med byen og næringslivet.", Lang::Nb),
            ("Kommunen har siden 2014 haft et tæt samarbejde med byen og erhvervslivet.", Lang::Da),
            ("Kommunen har sidan 2014 hatt eit nært samarbeid med byen.", Lang::Nb),
        ] {
            assert_eq!(language(text), Some(want), "{text}");
        }
        assert_eq!(language_or("Li Sund", Lang::Fi), Lang::Fi);
        assert_eq!(language(""), None);
    }
}
