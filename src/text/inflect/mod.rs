//! Forms of names back to their base: the nominatives that a form may be of, with its case. No lexicon: whoever has
//! one chooses among the candidates; alone, the first is the likeliest.

use unicode_normalization::UnicodeNormalization;

use super::Case;
use crate::model::Lang;

mod finnish;
mod germanic;

/// How many letters of a word are looked at: names are short, and a long run of letters is no name.
const MAX_WORD: usize = 120;

/// The base forms that a word or a name of several words may have, with the case that it then stands in, best first;
/// never empty. Of several words the last inflects (`Oulun kaupungin` → `Oulun kaupunki`), and an adjective that
/// agrees with it. The forms are NFC.
///
/// ```
/// use samband::{model::Lang, text::{base_forms, Case}};
/// assert_eq!(base_forms("Kanta-Hämeen", Lang::Fi)[0], ("Kanta-Häme".to_owned(), Case::Genitive));
/// assert_eq!(base_forms("Göteborgs", Lang::Sv)[0], ("Göteborg".to_owned(), Case::Genitive));
/// assert_eq!(base_forms("Luleå", Lang::Sv), [("Luleå".to_owned(), Case::Nominative)]);
/// ```
pub fn base_forms(name: &str, lang: Lang) -> Vec<(String, Case)> {
    let name: String = name.trim().nfc().collect();
    let name = name.as_str();
    let cut = name.rfind(char::is_whitespace).map_or(0, |n| n + name[n..].chars().next().map_or(1, char::len_utf8));
    let (before, word) = name.split_at(cut);
    if word.len() > MAX_WORD {
        return vec![(name.to_owned(), Case::Nominative)];
    }
    let forms = match lang {
        Lang::Fi => finnish::word_forms(word),
        Lang::En => germanic::english(word),
        Lang::Sv | Lang::Nb | Lang::Da => germanic::scandinavian(word),
    };
    if before.is_empty() {
        return forms;
    }
    let mut out = Vec::with_capacity(forms.len());
    for (base, case) in forms {
        if lang == Lang::Fi
            && let Some(agreeing) = finnish::agreeing(before.trim_end(), case)
        {
            push(&mut out, format!("{agreeing} {base}"), case);
        }
        push(&mut out, format!("{before}{base}"), case);
    }
    out
}

/// The case in which a word most likely stands.
///
/// ```
/// use samband::{model::Lang, text::{case_of, Case}};
/// assert_eq!(case_of("Tampereella", Lang::Fi), Case::Adessive);
/// ```
pub fn case_of(word: &str, lang: Lang) -> Case {
    base_forms(word, lang).first().map_or(Case::Nominative, |(_, case)| *case)
}

fn push(out: &mut Vec<(String, Case)>, base: String, case: Case) {
    if !out.iter().any(|(b, c)| *b == base && *c == case) {
        out.push((base, case));
    }
}

#[cfg(test)]
mod tests;
