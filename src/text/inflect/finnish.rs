//! Finnish: endings cut off, gradation undone, stem to nominative, all by the tables of `grammar/fi`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::push;
use crate::text::Case;
use crate::text::table::{entries, values};

/// What becomes of the consonants before the end of a stem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grade {
    Keep,
    Strengthen,
    Weaken,
}

#[derive(Debug)]
struct StemRule {
    /// `None` is any vowel, kept.
    from: Option<&'static str>,
    to: &'static str,
    grade: Grade,
}

#[derive(Debug)]
struct Ending {
    case: Case,
    text: &'static str,
    stems: usize,
}

struct Tables {
    endings: Vec<Ending>,
    stems: Vec<(&'static str, Vec<StemRule>)>,
    /// Weak, strong, and whether the change holds nearly always.
    grades: Vec<(&'static str, &'static str, bool)>,
    clitics: Vec<&'static str>,
    first: Vec<[&'static str; 3]>,
    ends: Vec<&'static str>,
    heads: HashSet<&'static str>,
    own: Vec<&'static str>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let table = include_str!("../../../grammar/fi/inflection");
    let mut t = Tables {
        endings: Vec::new(),
        stems: Vec::new(),
        grades: Vec::new(),
        clitics: values(table, "clitic"),
        first: Vec::new(),
        ends: values(table, "ends"),
        own: values(table, "own"),
        heads: values(include_str!("../../../grammar/fi/nouns"), "heads").into_iter().collect(),
    };
    let all = entries(table);
    for (key, values) in &all {
        if let Some(class) = key.strip_prefix("stem ") {
            let rules = values.iter().filter_map(|v| {
                let (from, to) = v.split_once('>')?;
                let (to, grade) = match to.strip_suffix('+') {
                    Some(to) => (to, Grade::Strengthen),
                    None => to.strip_suffix('-').map_or((to, Grade::Keep), |to| (to, Grade::Weaken)),
                };
                Some(StemRule { from: (from != "V").then_some(from), to: if to == "V" { "" } else { to }, grade })
            });
            t.stems.push((class, rules.collect()));
        }
    }
    for (key, values) in &all {
        match *key {
            "grades" => t.grades.extend(values.iter().filter_map(|v| {
                let (weak, strong) = v.split_once('>')?;
                let sure = strong.ends_with('!');
                Some((if weak == "0" { "" } else { weak }, strong.trim_end_matches('!'), sure))
            })),
            "first" => t.first.extend(values.iter().filter_map(|v| {
                let mut w = v.split(' ');
                Some([w.next()?, w.next()?, w.next()?])
            })),
            key => {
                let Some((case, class)) = key.split_once(' ') else { continue };
                let case = Case::WORDS.iter().find(|(w, _)| *w == case).map(|(_, c)| *c);
                let stems = t.stems.iter().position(|(c, _)| *c == class);
                if let (Some(case), Some(stems)) = (case, stems) {
                    t.endings.extend(values.iter().map(|&text| Ending { case, text, stems }));
                }
            }
        }
    }
    t
});

fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
        || matches!(c, 'ä' | 'ö' | 'å' | 'Ä' | 'Ö' | 'Å' | 'é' | 'ü')
}

/// A stem without an ending, and the table of its nominatives.
fn stem<'w>(word: &'w str, ending: &Ending) -> Option<&'w str> {
    let stem = match ending.text.find('^') {
        // `Ouluun`: a vowel twice, then `n`; `Lontoohon`: a vowel, `h`, the vowel, `n`.
        Some(at) => {
            let (before, after) = (&ending.text[..at], &ending.text[at + '^'.len_utf8()..]);
            let rest = word.strip_suffix(after)?;
            let vowel = rest.chars().next_back().filter(|c| is_vowel(*c))?;
            let rest = rest[..rest.len() - vowel.len_utf8()].strip_suffix(before)?;
            rest.ends_with(vowel).then_some(rest)?
        }
        None => word.strip_suffix(ending.text)?,
    };
    let enough = stem.chars().count() >= 2 && stem.contains(is_vowel);
    enough.then_some(stem)
}

/// The base forms of one word, best first, never empty.
pub(super) fn word_forms(word: &str) -> Vec<(String, Case)> {
    if let Some((base, suffix)) = word.split_once(':') {
        let case = colon_case(suffix);
        return vec![(base.to_owned(), case)];
    }
    let mut found: Vec<(i32, String, Case)> = Vec::new();
    let upper = word.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    found.push((nominative_rank(word), word.to_owned(), Case::Nominative));
    if !upper {
        collect(word, 0, &mut found);
        if found.len() < 2 || !found.iter().any(|f| f.0 < 3 && f.2 != Case::Nominative) {
            for clitic in &TABLES.clitics {
                if let Some(rest) = word.strip_suffix(clitic).filter(|r| r.chars().count() > 3) {
                    collect(rest, 6, &mut found);
                    found.push((9, rest.to_owned(), Case::Nominative));
                    // `Eurooppamme`, `yhtiönsä` hide the genitive's n.
                    collect(&format!("{rest}n"), 8, &mut found);
                }
            }
        }
    }
    found.sort_by_key(|f| f.0);
    let mut out = Vec::with_capacity(found.len());
    for (_, base, case) in found {
        push(&mut out, base, case);
    }
    out
}

/// How well a form stands as its own nominative: well where no ending shows, badly where a long one does.
fn nominative_rank(word: &str) -> i32 {
    let shows = |endings: &[&str]| endings.iter().any(|e| word.ends_with(e));
    let t = &*TABLES;
    let lower = word.to_lowercase();
    if t.heads.contains(lower.as_str()) || t.ends.iter().any(|e| lower.ends_with(e)) {
        return -3;
    }
    if shows(&t.own) {
        return -1;
    }
    if shows(&["ssa", "ssä", "sta", "stä", "lla", "llä", "lta", "ltä", "lle", "ksi", "seen", "n"]) {
        return 5;
    }
    if shows(&["ia", "iä", "na", "nä", "ta", "tä", "aa", "ja"]) { 0 } else { 3 }
}

/// The readings of a word in each case other than the nominative.
fn collect(word: &str, penalty: i32, found: &mut Vec<(i32, String, Case)>) {
    let t = &*TABLES;
    for ending in &t.endings {
        let Some(stem) = stem(word, ending) else { continue };
        let rare = match ending.case {
            Case::Essive | Case::Translative => 4,
            Case::Partitive => 2,
            _ => 0,
        };
        // `Oulusta`, `Raumalta` are no partitives of `Oulus`, `Raumal`.
        let rare = rare + if t.stems[ending.stems].0 == "consonant" { 3 } else { 0 };
        // Short endings hide inside longer ones: `-en` of a consonant stem, `-in` of a plural.
        let short = match ending.text {
            "in" | "en" | "ten" | "den" | "ien" => 3,
            // `Ouluun` is rather `Oulu` than `Ouluu`, but `Tampereen` is no illative.
            "^n" if !stem.ends_with('e') => -1,
            "seen" | "h^n" => -2,
            _ => 0,
        };
        nominatives(stem, ending, penalty + rare + short, found);
        if let Some((first, last)) = stem.rsplit_once('-') {
            hyphenated(first, last, ending, penalty + rare, found);
        }
    }
    compound(word, penalty, found);
}

/// The nominatives of a stem.
fn nominatives(stem: &str, ending: &Ending, penalty: i32, found: &mut Vec<(i32, String, Case)>) {
    let t = &*TABLES;
    let rules = &t.stems[ending.stems].1;
    for (n, rule) in rules.iter().enumerate() {
        let (head, tail) = match rule.from {
            Some(from) => match stem.strip_suffix(from) {
                Some(head) => (head, rule.to),
                None => continue,
            },
            None => match stem.char_indices().next_back() {
                Some((at, c)) if is_vowel(c) => (&stem[..at], &stem[at..]),
                _ => continue,
            },
        };
        if head.is_empty() || (rule.from == Some("") && !consonant_fits(head)) {
            continue;
        }
        let place = 1 + n as i32 / 3;
        let mut keep = |head: &str, change: i32| {
            let base = format!("{head}{tail}");
            if base.chars().count() < 2 {
                return;
            }
            found.push((penalty + place + change + likely(&base), base, ending.case));
        };
        match rule.grade {
            Grade::Keep => keep(head, 0),
            Grade::Strengthen => {
                for (weak, strong, sure) in &t.grades {
                    if let Some(rest) = grade(head, weak) {
                        keep(&format!("{rest}{strong}"), if *sure { -2 } else { 1 });
                    }
                }
            }
            Grade::Weaken => {
                // The consonants that change stand before the vowels of `laitu-me`.
                let consonants = head.trim_end_matches(is_vowel);
                let vowels = &head[consonants.len()..];
                for (weak, strong, _) in &t.grades {
                    if let Some(rest) = consonants.strip_suffix(strong).filter(|r| !r.is_empty()) {
                        keep(&format!("{rest}{weak}{vowels}"), 0);
                    }
                }
                keep(head, 1);
            }
        }
    }
}

/// What stands before the weak grade at the end of `head`; nothing becomes `k` only after a vowel, `h`, `l`, `r`.
fn grade<'h>(head: &'h str, weak: &str) -> Option<&'h str> {
    let rest = head.strip_suffix(weak).filter(|r| !r.is_empty())?;
    if weak.is_empty() && !head.ends_with(|c| is_vowel(c) || matches!(c, 'h' | 'l' | 'r')) {
        return None;
    }
    // A single `k`, `p`, `t` is the weak grade of a double one only after a vowel or `l`, `m`, `n`, `r`.
    if matches!(weak, "k" | "p" | "t") && !rest.ends_with(|c| is_vowel(c) || matches!(c, 'l' | 'm' | 'n' | 'r')) {
        return None;
    }
    Some(rest)
}

fn consonant_fits(head: &str) -> bool {
    head.ends_with(|c: char| c.is_alphabetic() && !is_vowel(c)) || head.ends_with(is_vowel)
}

/// Bonus of a base that ends as names and heads do.
fn likely(base: &str) -> i32 {
    let t = &*TABLES;
    let lower = base.to_lowercase();
    if t.heads.contains(lower.as_str()) || t.heads.iter().any(|h| h.len() >= 5 && lower.ends_with(h)) {
        return -5;
    }
    if t.ends.iter().any(|e| lower.ends_with(e)) { -3 } else { 0 }
}

/// `Isossa-Britanniassa`, `Kotkan-Haminan`: both parts stand in one case.
fn hyphenated(first: &str, last: &str, ending: &Ending, penalty: i32, found: &mut Vec<(i32, String, Case)>) {
    let genitive = ending.case == Case::Genitive;
    let mut firsts = Vec::new();
    for e in TABLES.endings.iter().filter(|e| e.case == ending.case) {
        if let Some(s) = stem(first, e) {
            nominatives(s, e, 0, &mut firsts);
        }
    }
    firsts.sort_by_key(|f| f.0);
    let mut lasts = Vec::new();
    nominatives(last, ending, 0, &mut lasts);
    for (a, first, _) in firsts.into_iter().take(3) {
        for (b, last, case) in &lasts {
            found.push((penalty + a + b + if genitive { 0 } else { -6 }, format!("{first}-{last}"), *case));
        }
    }
}

/// `Uudenkaupungin`, `Mustassameressä`: an adjective inflected inside.
fn compound(word: &str, penalty: i32, found: &mut Vec<(i32, String, Case)>) {
    let t = &*TABLES;
    let (before, part) = match word.rfind('-') {
        Some(at) => word.split_at(at + 1),
        None => ("", word),
    };
    let lower = part.to_lowercase();
    for [base, weak, strong] in &t.first {
        if lower.len() != part.len() || !(lower.starts_with(weak) || lower.starts_with(strong)) {
            continue;
        }
        for ending in &t.endings {
            let inner = match (ending.text, ending.case) {
                ("^n", Case::Illative) => format!("{strong}{}n", strong.chars().next_back().unwrap_or('e')),
                (text, _) if text.contains('^') => continue,
                (text, Case::Illative | Case::Essive | Case::Partitive) => format!("{strong}{text}"),
                (text, _) => format!("{weak}{text}"),
            };
            let Some(rest) = lower.strip_prefix(inner.as_str()).filter(|r| r.chars().count() > 3) else { continue };
            let capital = part.chars().next().is_some_and(char::is_uppercase);
            let mut first = (*base).to_owned();
            if capital && let Some(c) = base.chars().next() {
                first = c.to_uppercase().chain(base.chars().skip(1)).collect();
            }
            let mut lasts = Vec::new();
            for e in t.endings.iter().filter(|e| e.case == ending.case) {
                if let Some(s) = stem(rest, e) {
                    nominatives(s, e, 0, &mut lasts);
                }
            }
            for (rank, last, case) in lasts {
                found.push((penalty + rank - 4, format!("{before}{first}{last}"), case));
            }
        }
    }
}

/// An adjective before the head of a name, back in the nominative where it stands in the head's case: `Suomen
/// Punaisessa` before `Ristissä`. A genitive before a genitive is an attribute of its own and stays.
pub(super) fn agreeing(before: &str, case: Case) -> Option<String> {
    if matches!(case, Case::Nominative | Case::Genitive) {
        return None;
    }
    let (rest, word) = before.rsplit_once(' ').map_or(("", before), |(r, w)| (r, w));
    if word.len() > super::MAX_WORD {
        return None;
    }
    let (base, _) = word_forms(word).into_iter().find(|(_, c)| *c == case)?;
    Some(if rest.is_empty() { base } else { format!("{rest} {base}") })
}

/// The case of a suffix after a colon (`EU:n`, `VTT:hen`).
fn colon_case(suffix: &str) -> Case {
    let long = TABLES.endings.iter().filter(|e| !e.text.contains('^') && suffix.ends_with(e.text));
    let best = long.max_by_key(|e| (e.text.len(), e.case != Case::Genitive));
    let vowel_n = suffix.ends_with('n') && suffix.len() > 1 && !matches!(suffix, "en" | "in");
    match best {
        Some(e) if e.case == Case::Genitive && vowel_n => Case::Illative,
        Some(e) => e.case,
        None if suffix.ends_with('n') => Case::Illative,
        None => Case::Nominative,
    }
}
