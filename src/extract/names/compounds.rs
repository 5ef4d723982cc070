//! Names inside compounds (`Luleådelegationen`) and heads that several names share (`Vingåkers och Mühltals kommuner`).

use super::{Candidate, capital, form, places, weight};
use crate::extract::page::{Line, Page};
use crate::extract::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Kind, Lang, Recognised, Type};
use crate::text::Case;

/// Most names that share a head.
const SHARED: usize = 24;

/// Proposes what compounds and shared heads name. `out` holds the places found before.
pub(crate) fn candidates(page: &Page<'_>, line: &Line, words: &Words, out: &mut Vec<Candidate>) {
    let text = page.text(line);
    for i in 0..line.tokens.len() {
        let token = &line.tokens[i];
        if let Some(head) = words.shared_head(line.lang, &token.lower) {
            shared(line, text, words, i, head, out);
        }
        if capital(token) && !out.iter().any(|c| c.anchor.contains(&i)) {
            let word = form(text, token);
            if let Some((name, ty)) = inside(words, line.lang, word) {
                out.push(Candidate {
                    tokens: i..i + 1,
                    anchor: i..i + 1,
                    ty,
                    name,
                    case: Case::Nominative,
                    by: Recognised::Coreference,
                    weight: weight::AGAIN,
                    generic: false,
                    reference: true,
                    head: String::new(),
                });
            }
        }
    }
}

/// The place that a compound begins with, where what follows is a thing of that place.
fn inside(words: &Words, lang: Lang, word: &str) -> Option<(String, Type)> {
    let lower = word.to_lowercase();
    if lower.len() != word.len() {
        return None;
    }
    if let Some((front, rest)) = word.split_once('-') {
        if front.chars().count() > 2 && rest.chars().count() > 3 && rest.chars().all(char::is_lowercase) {
            let found = places::place(front, lang, false)?;
            return (!found.common).then_some((found.name, found.ty));
        }
        return None;
    }
    let mut ends: Vec<usize> = words.compound_cuts(lang, &lower).collect();
    ends.sort_unstable();
    ends.into_iter().find_map(|cut| {
        let front = word.get(..cut)?;
        let own = [front, front.strip_suffix('s').unwrap_or(front)];
        own.iter().filter(|f| f.chars().count() > 2).find_map(|f| {
            let found = places::place(f, lang, false)?;
            (!found.common).then_some((found.name, found.ty))
        })
    })
}

/// A head that a language uses for several names at once, and what one of them is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SharedHead {
    /// The singular.
    pub(crate) head: &'static str,
    /// The type of each.
    pub(crate) ty: Type,
    /// The case of the plural form.
    pub(crate) case: Case,
}

/// The names before a plural head, each with the head in the singular: `Pohjanmaan ja Keski-Pohjanmaan liitot`.
fn shared(line: &Line, text: &str, words: &Words, at: usize, head: SharedHead, out: &mut Vec<Candidate>) {
    let mut names: Vec<usize> = Vec::new();
    let mut i = at;
    let mut joined = false;
    while let Some(k) = i.checked_sub(1) {
        let t = &line.tokens[k];
        if names.len() >= SHARED {
            break;
        }
        if capital(t) && (names.is_empty() || names.last().is_some_and(|&n| n != k + 1)) {
            names.push(k);
        } else if form(text, t) == "," && !names.is_empty() {
        } else if words.has(line.lang, Class::Coordinator, &t.lower) && names.len() == 1 {
            joined = true;
        } else {
            break;
        }
        i = k;
    }
    if names.len() < 2 || !joined {
        return;
    }
    names.reverse();
    // they must be owners: places, or words in the genitive
    let owner = |n: usize| {
        let word = form(text, &line.tokens[n]);
        out.iter().any(|c| c.anchor == (n..n + 1) && c.ty.kind() == Kind::Region)
            || (line.lang == Lang::Fi && word.ends_with('n'))
            || word.ends_with('s')
    };
    if !names.iter().all(|&n| owner(n)) {
        return;
    }
    let last = names.len() - 1;
    let genitive = line.lang != Lang::Fi && form(text, &line.tokens[names[last]]).ends_with('s');
    let mut found = Vec::new();
    for (k, &n) in names.iter().enumerate() {
        let word = form(text, &line.tokens[n]);
        // `Luleå och Bodens kommuner` or `Luleås och Bodens`: each is called by its own name
        let known = lexicon().places(word).any(|c| c.exact);
        let owned =
            if genitive && known && k < last && !word.ends_with('s') { word.to_owned() } else { own(line, word) };
        let tokens = if k == last { n..at + 1 } else { n..n + 1 };
        found.push(Candidate {
            tokens: tokens.clone(),
            anchor: tokens,
            ty: head.ty,
            name: format!("{owned} {}", head.head),
            case: head.case,
            by: Recognised::Shape,
            weight: weight::RULE,
            generic: false,
            reference: false,
            head: String::new(),
        });
    }
    // the places alone are not what is named here
    out.retain(|c| !found.iter().any(|f| f.anchor.start <= c.anchor.start && c.anchor.end <= f.anchor.end));
    out.append(&mut found);
}

/// How an owner stands in the name of a body: `Luleås kommun` is called `Luleå kommun`, `Vingåkers kommun` keeps its s.
fn own(line: &Line, word: &str) -> String {
    if line.lang == Lang::Fi {
        return word.to_owned();
    }
    let ends_in_vowel = word
        .strip_suffix('s')
        .is_some_and(|f| f.ends_with(['a', 'e', 'i', 'o', 'u', 'y', 'å', 'ä', 'ö', 'é']) && lexicon().word(f).place);
    if ends_in_vowel { word.trim_end_matches('s').to_owned() } else { word.to_owned() }
}
