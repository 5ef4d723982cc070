//! Which place a word or a name holds, also in the genitive: a look-up in the lexicon behind a few rules of inflection.

use crate::lexicon::{Candidate, Lexicon, NameClass, Place, PlaceId, lexicon};
use crate::model::Type;

/// A town of fewer inhabitants gives way to a province of the same name: Lapin yliopisto is not in the village Lappi.
const VILLAGE: u32 = 10_000;

/// Base forms that a folded word can have, the word itself first. `finnish`: by the rules of the Finnish genitive,
/// else the genitive s of the other languages. Most are no words; the lexicon sorts them out.
pub(super) fn base_forms(word: &str, finnish: bool) -> Vec<String> {
    let mut out = vec![word.to_owned()];
    if finnish {
        finnish_genitive(word, &mut out);
    } else if let Some(base) = word.strip_suffix('s') {
        let base = base.trim_end_matches(['\'', ':']);
        if base.chars().count() > 2 {
            out.push(base.to_owned());
        }
    }
    out
}

/// `Oulun` → Oulu, `Helsingin` → Helsinki, `Lahden` → Lahti, `Seinäjoen` → Seinäjoki, `Hämeen` → Häme.
fn finnish_genitive(word: &str, out: &mut Vec<String>) {
    let Some(stem) = word.strip_suffix('n') else { return };
    if stem.chars().count() < 3 {
        return;
    }
    let mut stems = vec![stem.to_owned()];
    // strong grade for weak, before the last vowel or vowels
    let chars: Vec<char> = stem.chars().collect();
    let vowels = chars.iter().rev().take_while(|&&c| is_vowel(c)).count().min(2);
    for v in 1..=vowels {
        let (head, tail) = chars.split_at(chars.len() - v);
        let head: String = head.iter().collect();
        let tail: String = tail.iter().collect();
        for (weak, strong) in [
            ("ng", "nk"),
            ("nn", "nt"),
            ("mm", "mp"),
            ("ll", "lt"),
            ("rr", "rt"),
            ("d", "t"),
            ("v", "p"),
            ("p", "pp"),
            ("t", "tt"),
            ("k", "kk"),
            ("j", "k"),
            ("", "k"),
        ] {
            if let Some(front) = head.strip_suffix(weak) {
                stems.push(format!("{front}{strong}{tail}"));
            }
        }
    }
    for s in stems {
        if let Some(short) = s.strip_suffix('e') {
            // Suomen → Suomi, Kankaanpään stays; Tampereen → Tampere; Kauniaisten goes another way
            out.push(format!("{short}i"));
            if short.ends_with('e') {
                out.push(short.to_owned());
            }
            if let Some(s) = short.strip_suffix("is") {
                out.push(format!("{s}nen"));
            }
        }
        if let Some(s) = s.strip_suffix("iste") {
            out.push(format!("{s}inen"));
        }
        // compounds whose first part is inflected too
        if let Some(rest) = s.strip_prefix("uuden") {
            out.push(format!("uusi{rest}"));
        }
        out.push(s);
    }
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'å' | 'ä' | 'ö')
}

/// The place for which a city and the municipality of the same name stand together: the municipality.
pub(super) fn settlement(lex: &Lexicon, place: Place) -> PlaceId {
    let parent = place.parent.and_then(|p| lex.place(p));
    match parent {
        Some(up) if place.ty == Type::City && up.ty == Type::Municipality && lex.name(up.id) == lex.name(place.id) => {
            up.id
        }
        _ => place.id,
    }
}

/// A region that words name, as far as it is clear which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// The place, a city standing for its municipality.
    pub(super) place: PlaceId,
    /// Whether another place of about the same weight bears the name.
    pub(super) ambiguous: bool,
}

/// The city, municipality or province that words name, in the nominative or genitive.
pub(super) fn named_region(words: &[&str], finnish: bool, province_first: bool) -> Option<Found> {
    let (last, before) = words.split_last()?;
    if !words.first()?.chars().next()?.is_uppercase() {
        return None;
    }
    let before = before.join(" ");
    let folded: String = crate::lexicon::fold(last).collect();
    for form in base_forms(&folded, finnish) {
        let name = if before.is_empty() { form } else { format!("{before} {form}") };
        if let Some(found) = region(&name, province_first) {
            return Some(found);
        }
    }
    None
}

fn region(name: &str, province_first: bool) -> Option<Found> {
    let lex = lexicon();
    let of_type = |c: &Candidate<'_>| matches!(c.place.ty, Type::City | Type::Municipality | Type::Province);
    let all: Vec<Candidate<'_>> =
        lex.places(name).filter(of_type).filter(|c| c.name.class != NameClass::Plain).collect();
    let province = all.iter().find(|c| c.place.ty == Type::Province);
    let town = all.iter().find(|c| c.place.ty != Type::Province);
    let best = match (province, town) {
        (Some(p), Some(t)) if province_first || t.place.population < VILLAGE => p,
        (p, t) => t.or(p)?,
    };
    let place = settlement(lex, best.place);
    let rival = |c: &&Candidate<'_>| {
        (c.place.ty == Type::Province) == (best.place.ty == Type::Province)
            && settlement(lex, c.place) != place
            && (c.place.population as u64 * 5 > best.place.population as u64 || best.place.ty == Type::Province)
    };
    Some(Found { place, ambiguous: all.iter().any(|c| rival(&c)) })
}
