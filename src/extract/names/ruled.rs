//! Names by the mention rules of the rule files.

use super::{Candidate, Seen, breaks, capital, form, initial, phrase, weight};
use crate::extract::page::{Line, Page};
use crate::extract::rules::seq::{Scratch, Tokens, Typed};
use crate::extract::rules::{Hits, LangRules};
use crate::extract::words::{Class, Words};
use crate::lexicon::lexicon;
use crate::model::{Kind, Lang, Recognised, Type};
use crate::text::{Case, Shape, Token};

/// From this priority on a rule's single word is a name even where every word has a capital.
const TRUSTED: i32 = 5;
/// From this priority on a rule's first word is part of the name even where every word has a capital.
const SURE: i32 = 11;

/// What the rules need to read one line.
pub(crate) struct Reader<'r> {
    /// The rules of the line's language.
    pub(crate) rules: &'r LangRules,
    /// What they know of each token.
    pub(crate) hits: Hits,
}

/// Proposes what the mention rules find. `typed` are the places and persons found before.
pub(crate) fn candidates(
    page: &Page<'_>,
    line: &Line,
    words: &Words,
    seen: &Seen,
    reader: &Reader<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<Candidate>,
) {
    let text = page.text(line);
    let mut typed: Vec<Typed> =
        out.iter().map(|c| Typed { tokens: c.anchor.clone(), ty: c.ty, case: c.case }).collect();
    typed.sort_by_key(|t| (t.tokens.start, t.tokens.end));
    let view = Tokens { tokens: &line.tokens, hits: &reader.hits, typed: &typed, dates: &[], clauses: &[] };
    let matches = reader.rules.find_mentions(&view, scratch);
    for m in &matches {
        // the rule also matches without the word that opens the sentence
        let shorter = matches.iter().any(|o| {
            (o.rule == m.rule || line.lang == Lang::Fi && o.ty == m.ty)
                && o.name.end == m.name.end
                && o.name.start > m.name.start
        });
        let mut name = trimmed(line, words, m.name.clone());
        if line.lang == Lang::Fi {
            name.start = begin(line, text, words, &name);
        }
        // `Salmen Vesi Oy Oulusta`: a place in a local case stands behind the name, not in it
        let behind = |c: &Candidate| {
            c.anchor.end == name.end && c.anchor.len() == 1 && c.by == Recognised::Lexicon && local_case(c.case)
        };
        if line.lang == Lang::Fi && name.len() > 2 && m.name.end == name.end && out.iter().any(behind) {
            name.end -= 1;
        }
        if !line.tokens[name.clone()].iter().any(capital) || !fits(line, text, words, seen, &name, m.priority, shorter)
        {
            continue;
        }
        // "Hanke: Kalaa verkosta – kestävä satama": what stands behind a colon is the whole name
        let labelled = m.ty == Type::Project && name.start > 0 && form(text, &line.tokens[name.start - 1]) == ":";
        if !labelled && (name.start + 1..name.end).any(|t| breaks(text, &line.tokens, t)) {
            continue;
        }
        // `Ruotsista Uumajan yliopisto`: a place in a local case stands before the name, not in it
        let outside = out.iter().any(|c| {
            c.anchor.start == name.start
                && c.anchor.end < name.end
                && c.by == Recognised::Lexicon
                && !matches!(c.case, Case::Nominative | Case::Genitive | Case::Partitive)
        });
        // `Aino Salo Lundin yliopistosta`: a person before the body
        let person = line.lang == Lang::Fi
            && out.iter().any(|c| {
                c.ty.kind() == Kind::Region
                    && c.case == Case::Genitive
                    && c.anchor.start > name.start
                    && c.anchor.start > 1
                    && c.anchor.end < name.end
                    && capital(&line.tokens[c.anchor.start - 1])
                    && (lexicon().is_first_name(form(text, &line.tokens[c.anchor.start - 2]))
                        || c.anchor.start > 2
                            && capital(&line.tokens[c.anchor.start - 2])
                            && words.has(line.lang, Class::Role, &line.tokens[c.anchor.start - 3].lower))
            });
        // `Luostolla latukeskus`: a word in a local case owns no body
        let beside = line.lang == Lang::Fi
            && name.len() == 2
            && line.tokens[name.end - 1].shape == Shape::Lower
            && !line.tokens[name.end - 1].lower.starts_with('-')
            && line.tokens[name.start].shape == Shape::Capitalised
            && ["ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle"]
                .iter()
                .any(|e| line.tokens[name.start].lower.ends_with(e) && line.tokens[name.start].lower.len() > 5);
        // a place that the lexicon knows is what the lexicon says
        let known = line.lang == Lang::Fi
            && name.len() == 1
            && m.ty.kind() == Kind::Region
            && out.iter().any(|c| c.anchor == name && c.by == Recognised::Lexicon);
        // `tutkija Aino Salo Ilmatieteen laitokselta`
        let titled = line.lang == Lang::Fi
            && name.len() > 3
            && name.start > 0
            && words.has(line.lang, Class::Role, &line.tokens[name.start - 1].lower)
            && lexicon().is_first_name(form(text, &line.tokens[name.start]));
        // `Visit Salo -verkostosta yhdistys`: a name ends with the word that a hyphen joins to it
        let hyphen = line.tokens[name.start..name.end - 1].iter().any(|t| t.lower.starts_with('-'));
        // a clause between a name and a word for a project is no name
        let inner = name.len() > 2 && line.tokens[name.end - 2].shape == Shape::Lower;
        let clause = line.lang == Lang::Fi
            && m.ty == Type::Project
            && inner
            && !labelled
            && !line.tokens[name.end - 1].lower.starts_with('-');
        if outside || clause || person || titled || hyphen || known || beside {
            continue;
        }
        let lower = line.tokens[name.start].shape == Shape::Lower;
        if lower && m.ty != Type::University && quote_free(line, text, &name) {
            continue;
        }
        let descriptive = !capital(&line.tokens[name.start]) && quote_free(line, text, &name);
        // "universitetet i Austin": the place stays a name of its own, the body is its head
        let place = out.iter().find(|c| {
            c.ty.kind() == Kind::Region && c.anchor.end == name.end && c.anchor.start > name.start && descriptive
        });
        let anchor = place.map_or(name.clone(), |p| {
            let mut end = p.anchor.start;
            while end > name.start + 1 && words.has(line.lang, Class::PlacePreposition, &line.tokens[end - 1].lower) {
                end -= 1;
            }
            name.start..end
        });
        let (base, case) = if anchor.len() < name.len() {
            let (head, case) = head_base(page, line, words, seen, reader, anchor.end - 1);
            let mut base = phrase(text, &line.tokens[name.start..anchor.end - 1]);
            if anchor.len() > 1 {
                base.push(' ');
            }
            base.push_str(&head);
            let rest = phrase(text, &line.tokens[anchor.end..name.end]);
            base.push(' ');
            base.push_str(&rest);
            (base, case)
        } else {
            named(page, line, words, seen, reader, name.clone())
        };
        let rule = reader.rules.mentions.get(m.rule);
        let priority = m.priority.clamp(-40, 40);
        out.push(Candidate {
            tokens: name.clone(),
            anchor,
            ty: m.ty,
            name: base,
            case,
            by: Recognised::Rule(rule.map_or_else(String::new, |r| r.id.clone())),
            weight: weight::RULE.saturating_add_signed(priority as i16),
            generic: false,
            reference: false,
            head: String::new(),
        });
    }
}

/// Where a Finnish name begins: behind a verb or small word inside what matched ("Tutkimusta teemme Savonia-koulussa"),
/// and behind an ordinary word that opens the sentence ("Tytäryhtiömme Nordtre AS").
fn begin(line: &Line, text: &str, words: &Words, name: &std::ops::Range<usize>) -> usize {
    let token = |i: usize| &line.tokens[i];
    let verb = |i: usize| {
        let t = token(i);
        t.shape == Shape::Lower
            && (t.lower.ends_with("mme")
                || words.has(line.lang, Class::Finite, &t.lower)
                || words.has(line.lang, Class::Function, &t.lower)
                    && !words.has(line.lang, Class::Coordinator, &t.lower))
    };
    let inner = (name.start + 1..name.end.saturating_sub(1)).rev().find(|&i| verb(i) && capital(token(i + 1)));
    if let Some(i) = inner {
        return i + 1;
    }
    let mut start = name.start;
    while start + 1 < name.end
        && initial(line, text, name.start)
        && capital(token(start))
        && capital(token(start + 1))
        && (token(start).lower.ends_with("mme") || words.has(line.lang, Class::Opener, &token(start).lower))
    {
        start += 1;
    }
    start
}

/// Whether a case says where, and not what.
fn local_case(case: Case) -> bool {
    matches!(case, Case::Inessive | Case::Elative | Case::Illative | Case::Adessive | Case::Ablative | Case::Allative)
}

/// A name without the small words and verbs that a pattern for any word took in at its end.
fn trimmed(line: &Line, words: &Words, mut name: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let small = |t: &Token| {
        t.shape == Shape::Lower
            && (words.has(line.lang, Class::Function, &t.lower) || words.has(line.lang, Class::Finite, &t.lower))
    };
    while name.len() > 1 && small(&line.tokens[name.end - 1]) {
        name.end -= 1;
    }
    name
}

/// Whether what a rule found is a name here and not just the first word of a sentence.
fn fits(
    line: &Line,
    text: &str,
    words: &Words,
    seen: &Seen,
    name: &std::ops::Range<usize>,
    priority: i32,
    shorter: bool,
) -> bool {
    let first = &line.tokens[name.start];
    let opens = initial(line, text, name.start);
    if name.len() > 1 {
        return priority >= SURE
            || !(opens && capital(first) && shorter && super::shapes::ordinary(line, words, seen, name.start));
    }
    if capital(first) && (opens || line.heading()) && first.shape == Shape::Capitalised && priority < TRUSTED {
        // `Baltinet-verkosto` is a name wherever it stands
        let compound = line.lang == Lang::Fi
            && first.lower.split_once('-').is_some_and(|(a, b)| a.chars().count() > 2 && b.chars().count() > 3);
        return compound || seen.inside(&first.lower) > 0;
    }
    true
}

fn quote_free(line: &Line, text: &str, name: &std::ops::Range<usize>) -> bool {
    name.start.checked_sub(1).is_none_or(|b| !matches!(form(text, &line.tokens[b]), "\"" | "”" | "“" | "»" | "„"))
}

/// The base form of a name and its case: the ending of its last word goes, inner words stay as they are.
pub(crate) fn named(
    page: &Page<'_>,
    line: &Line,
    words: &Words,
    seen: &Seen,
    reader: &Reader<'_>,
    name: std::ops::Range<usize>,
) -> (String, Case) {
    let text = page.text(line);
    let last = name.end - 1;
    let (head, case) = head_base(page, line, words, seen, reader, last);
    let mut base = phrase(text, &line.tokens[name.start..last]);
    if name.len() > 1 && line.tokens[last].spaced {
        base.push(' ');
    }
    base.push_str(&head);
    (tidy(&base), case)
}

/// The base form of one word with its case: as the rules inflect it, as a class word or place, or by its shape.
pub(crate) fn head_base(
    page: &Page<'_>,
    line: &Line,
    words: &Words,
    seen: &Seen,
    reader: &Reader<'_>,
    at: usize,
) -> (String, Case) {
    let text = page.text(line);
    let token = &line.tokens[at];
    let word = form(text, token);
    if token.shape == Shape::None {
        return (word.to_owned(), Case::Nominative);
    }
    let bases = page.bases(line.lang, word);
    let lex = lexicon();
    let class = |b: &str| !lex.heads(b).is_empty() || lex.head_suffix(b).is_some();
    // a class word in a form that its file lists is in its base form, unless the language inflects it to another one
    if let Some(b) = reader.rules.vocab.base(&token.lower).filter(|b| *b != token.lower && line.lang == Lang::Fi) {
        let case = bases.iter().find(|(x, _)| x.to_lowercase() == b).map_or(Case::Nominative, |(_, c)| *c);
        return (like(word, &b), case);
    }
    let inflected = bases.iter().find(|(b, c)| *c != Case::Nominative && class(b));
    if let Some((b, c)) = inflected.or_else(|| bases.iter().find(|(b, _)| class(b))) {
        return (b.clone(), *c);
    }
    if token.shape == Shape::Lower {
        let fi = line.lang == Lang::Fi;
        let found = bases.iter().find(|(_, c)| *c != Case::Nominative).filter(|_| fi);
        return found.cloned().unwrap_or_else(|| (word.to_owned(), Case::Nominative));
    }
    if let Some(place) = super::places::reading(&bases, line.lang).filter(|p| p.case != Case::Partitive) {
        return (place.name, place.case);
    }
    super::shapes::best_base(page, line, words, seen, at)
}

/// Gives a base form the capitals of the word that it stands for.
fn like(word: &str, base: &str) -> String {
    let mut given = word.chars();
    let mut same = true;
    base.chars()
        .map(|b| match given.next() {
            Some(w) if same && w.to_lowercase().eq(b.to_lowercase()) => w,
            _ => {
                same = false;
                b
            }
        })
        .collect()
}

/// A name without the quotes around it.
fn tidy(name: &str) -> String {
    name.trim_matches(['"', '”', '“', '„', '»', '«', '’', '‘', '\'', ' ', ',']).to_owned()
}
