//! What a name is made of: its key, legal form, class word, place and numbers.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::place::{Found, named_region};
use crate::lexicon::{Country, Head, LegalFamily, LegalForm, PlaceId, fold, lexicon};
use crate::model::{Kind, Lang, Type};

/// Most words of a name that is taken apart; a longer one counts as a whole.
const WORDS_MAX: usize = 16;
/// Words that join the parts of a name and tell nothing apart.
const JOINTS: [&str; 12] = ["of", "the", "i", "in", "for", "för", "på", "at", "de", "for", "til", "till"];

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed {
    /// The folded name, its legal form replaced by the family: names with the same key are one name.
    pub(super) key: String,
    /// The key without its legal form.
    pub(super) core: String,
    /// The family of its legal form.
    pub(super) legal: Option<LegalFamily>,
    /// `class@place` where the name is nothing but a class word and a place: one body, whatever the language.
    pub(super) body: Option<String>,
    /// The city, municipality or province that it holds.
    pub(super) place: Option<PlaceId>,
    /// Its numbers, sorted; Roman ones from II on as they stand.
    pub(super) numbers: Vec<String>,
    /// Whether it names a part of a body ("Institutionen för …").
    pub(super) unit: bool,
    /// Number of words.
    pub(super) words: usize,
    /// For a region that the lexicon knows: its place and the key of that.
    pub(super) region: Option<(String, PlaceId)>,
}

/// NFC, without a copy where the text is that already.
fn nfc(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// The words of a name without the punctuation around them.
pub(super) fn words(name: &str) -> Vec<&str> {
    let outer = |c: char| !c.is_alphanumeric() && !matches!(c, '&' | '+');
    name.split_whitespace()
        .map(|w| if w == "&" || w == "+" { w } else { w.trim_matches(outer) })
        .filter(|w| !w.is_empty())
        .collect()
}

/// The key of any name: NFC, lower case, quotes and punctuation gone, hyphens and apostrophes of one kind.
pub(super) fn key(name: &str) -> String {
    let name = nfc(name);
    let (rest, form) = lexicon().strip_legal(&name);
    with_family(&plain_key(rest), form)
}

fn with_family(core: &str, form: Option<LegalForm>) -> String {
    match form {
        Some(f) => format!("{core} ‹{}›", f.name),
        None => core.to_owned(),
    }
}

/// The folded words of a name, with one space between.
pub(super) fn plain_key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (i, word) in words(name).into_iter().enumerate() {
        if i == 0 && word.eq_ignore_ascii_case("the") {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        match word {
            "&" | "+" => out.push('&'),
            _ => out.extend(fold(word).filter(|c| !matches!(c, '"' | '“' | '”' | '«' | '»' | '„'))),
        }
    }
    out
}

/// Takes a name apart as a name of this kind and type of entity.
pub(super) fn parse(name: &str, ty: Type, lang: Lang) -> Parsed {
    let name = nfc(name);
    let body = ty.kind() == Kind::Actor && ty != Type::Person;
    let (rest, form) = if body { lexicon().strip_legal(&name) } else { (name.as_ref(), None) };
    let core = plain_key(rest);
    let parts = words(rest);
    let mut parsed = Parsed {
        key: with_family(&core, form),
        core,
        legal: form.map(|f| f.family),
        body: None,
        place: None,
        numbers: numbers(&parts),
        unit: false,
        words: parts.len(),
        region: None,
    };
    if ty.kind() == Kind::Region {
        parsed.region = region_place(&name, ty).map(|p| (place_key(p), p));
    }
    if body && parts.len() <= WORDS_MAX {
        let heads = heads(&parts, lang);
        parsed.unit = heads.iter().any(|(_, h)| h.class == "unit");
        match one_body(&parts, &heads).filter(|_| form.is_none()) {
            Some((body, place)) => {
                parsed.body = Some(body);
                parsed.place = Some(place);
            }
            None => parsed.place = place_within(&parts, &heads, lang),
        }
    } else if ty != Type::Person && ty.kind() != Kind::Region && parts.len() <= WORDS_MAX {
        parsed.place = place_within(&parts, &[], lang);
    }
    parsed
}

fn numbers(words: &[&str]) -> Vec<String> {
    let roman = |w: &str| matches!(w, "II" | "III" | "IV" | "VI" | "VII" | "VIII" | "IX" | "XI" | "XII" | "XIII");
    let mut out: Vec<String> =
        words.iter().filter(|w| w.chars().any(|c| c.is_ascii_digit()) || roman(w)).map(|w| fold(w).collect()).collect();
    out.sort();
    out
}

/// The class words in a name: their words, and the class in the language of the name, or else the first.
pub(super) fn heads(words: &[&str], lang: Lang) -> Vec<(Range<usize>, Head)> {
    let lex = lexicon();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < words.len() {
        let ends = if lex.begins_head(words[i]) { words.len().min(i + 4) } else { i };
        let longest = (i + 1..=ends).rev().find_map(|j| {
            let found = lex.heads(&words[i..j].join(" "));
            let head = found.iter().find(|h| h.lang == lang).or(found.first())?;
            Some((i..j, *head))
        });
        match longest {
            Some((range, head)) => {
                i = range.end;
                out.push((range, head));
            }
            None => i += 1,
        }
    }
    out
}

/// `university@göteborg/SE` for a name that is a class word and a place and nothing else, and the place.
fn one_body(words: &[&str], heads: &[(Range<usize>, Head)]) -> Option<(String, PlaceId)> {
    // "län" is a part of the place's name
    let mut heads = heads.iter().filter(|(_, h)| h.class != "county");
    let (Some((at, head)), None) = (heads.next(), heads.next()) else { return None };
    if !head.one || (at.start > 0 && at.end < words.len()) {
        return None;
    }
    let rest: Vec<&str> = words[..at.start].iter().chain(&words[at.end..]).copied().collect();
    let joint = |w: &&str| JOINTS.contains(&w.to_lowercase().as_str());
    let rest = &rest[rest.iter().position(|w| !joint(w))?..];
    if rest.len() > 4 {
        return None;
    }
    let Found { place, ambiguous } = named_region(rest, head.lang == Lang::Fi, provincial(head))?;
    // overseas "Washington University" is not the "University of Washington"
    let near = |c: Country| c.is_nordic() || matches!(c.code(), "EE" | "LV" | "LT");
    let country = lexicon().place(place).and_then(|p| p.country);
    let clear = !ambiguous && (head.class == "municipality" || country.is_some_and(near));
    clear.then(|| (format!("{}@{}", head.class, place_key(place)), place))
}

/// Whether bodies of the class belong to a province rather than a town.
pub(super) fn provincial(head: &Head) -> bool {
    matches!(
        head.class,
        "region"
            | "county-board"
            | "regional-council"
            | "wellbeing-county"
            | "county-municipality"
            | "county-council"
            | "centre-of-state"
    )
}

/// Name and country of a place, lower-cased: the key of a region that the lexicon knows.
fn place_key(place: PlaceId) -> String {
    let lex = lexicon();
    let country = lex.place(place).and_then(|p| p.country);
    let name: String = fold(lex.name(place)).collect();
    format!("{name}/{}", country.as_ref().map_or("", |c| c.code()))
}

/// The first place that a longer name holds outside its class words, the longest where several begin at a word.
fn place_within(words: &[&str], heads: &[(Range<usize>, Head)], lang: Lang) -> Option<PlaceId> {
    let lex = lexicon();
    let province = heads.iter().any(|(_, h)| provincial(h));
    let taken = |i: usize| heads.iter().any(|(r, h)| r.contains(&i) && h.class != "county");
    for i in (0..words.len()).filter(|&i| !taken(i)) {
        if !words[i].starts_with(char::is_uppercase) {
            continue;
        }
        let known = lex.word(words[i]);
        let longest = if known.more { words.len().min(i + 3) } else { i + 1 };
        for j in (i + 1..=longest).rev().filter(|&j| !taken(j - 1)) {
            if j == i + 1 && known.common {
                continue;
            }
            if let Some(found) = named_region(&words[i..j], lang == Lang::Fi, province) {
                return Some(found.place);
            }
        }
    }
    None
}

/// How a region's type takes part in keys: regions of different classes are never one by name alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// An actor that is no person.
    Body,
    Person,
    Country,
    Province,
    Municipality,
    City,
    District,
    Area,
    /// A region of which nothing closer is known.
    Region,
    Agreement,
    Event,
}

impl Class {
    pub(super) const fn of(ty: Type) -> Class {
        match ty {
            Type::Person => Class::Person,
            Type::Country => Class::Country,
            Type::Province => Class::Province,
            Type::Municipality => Class::Municipality,
            Type::City => Class::City,
            Type::District => Class::District,
            Type::Area => Class::Area,
            Type::Region => Class::Region,
            _ => match ty.kind() {
                Kind::Actor => Class::Body,
                Kind::Region => Class::Region,
                Kind::Agreement => Class::Agreement,
                Kind::Event => Class::Event,
            },
        }
    }

    pub(super) const fn kind(self) -> Kind {
        match self {
            Class::Body | Class::Person => Kind::Actor,
            Class::Agreement => Kind::Agreement,
            Class::Event => Kind::Event,
            _ => Kind::Region,
        }
    }
}

/// The place that the name of a region means, as far as the lexicon has one of its type.
fn region_place(name: &str, ty: Type) -> Option<PlaceId> {
    let lex = lexicon();
    let fits = |t: Type| match ty {
        Type::City | Type::Municipality => matches!(t, Type::City | Type::Municipality),
        Type::Region => true,
        _ => t == ty,
    };
    let place = lex.places(name).map(|c| c.place).find(|p| fits(p.ty))?;
    Some(super::place::settlement(lex, place))
}
