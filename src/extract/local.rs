//! Mentions to entities, within one document: one base name, a legal form left out, a surname, an acronym in brackets.
//! Never looks at another document: `resolve` does that.

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::{Candidate, in_brackets};
use super::page::Page;
use crate::lexicon::lexicon;
use crate::model::{Kind, Lang, LocalEntity, LocalId, Type};

/// Longest acronym in brackets, in letters.
const ACRONYM: usize = 12;
/// A description is compared with at most so many before it.
const NEAR: usize = 40;
/// So many letters tell that two words name one party in two forms.
const PARTY: usize = 6;

/// The entities of a document, and which of them each candidate names.
#[derive(Debug, Default)]
pub(crate) struct Local {
    /// In the order in which the document first names them.
    pub(crate) entities: Vec<LocalEntity>,
    /// Parallel to the candidates of each line.
    pub(crate) ids: Vec<Vec<LocalId>>,
}

/// What is known of one base name.
#[derive(Debug)]
struct Item {
    kind: Kind,
    person: bool,
    name: String,
    key: String,
    count: u32,
    types: Vec<(Type, u32)>,
    lang: Lang,
    generic: bool,
    full: bool,
    /// The head noun of a description.
    head: String,
}

/// A name as a key: lower case, quotes and stops gone.
pub(crate) fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            '"' | '”' | '“' | '„' | '’' | '\'' | '‘' | '«' | '»' | '.' | ',' => {}
            '–' | '—' | '\u{2011}' => out.push('-'),
            c if c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// Clusters the candidates of a page.
pub(crate) fn cluster(page: &Page<'_>, found: &[Vec<Candidate>]) -> Local {
    let mut items: Vec<Item> = Vec::new();
    let mut index: FxHashMap<(Kind, bool, String), usize> = FxHashMap::default();
    let mut of: Vec<Vec<usize>> = Vec::with_capacity(found.len());
    for (line, candidates) in page.lines.iter().zip(found) {
        let mut row = Vec::with_capacity(candidates.len());
        for c in candidates {
            let (kind, person, k) = (c.ty.kind(), c.ty == Type::Person, key(&c.name));
            let at = *index.entry((kind, person, k.clone())).or_insert_with(|| {
                items.push(Item {
                    kind,
                    person,
                    name: c.name.clone(),
                    key: k,
                    count: 0,
                    types: Vec::new(),
                    lang: line.lang,
                    generic: c.generic,
                    full: false,
                    head: c.head.clone(),
                });
                items.len() - 1
            });
            let item = &mut items[at];
            item.count += 1;
            item.full |= !c.reference;
            item.generic &= c.generic;
            let votes = u32::from(c.weight);
            match item.types.iter_mut().find(|(t, _)| *t == c.ty) {
                Some((_, n)) => *n += votes,
                None => item.types.push((c.ty, votes)),
            }
            row.push(at);
        }
        of.push(row);
    }
    let mut sets = Sets((0..items.len()).collect());
    short_forms(&items, &mut sets);
    acronyms(page, found, &of, &items, &mut sets);
    initials(&items, &mut sets);
    descriptions(&items, &mut sets);
    build(&items, &mut sets, &of)
}

/// Union-find over the items.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        // the earlier one leads, so that the outcome has no history
        self.0[a.max(b)] = a.min(b);
    }
}

/// Joins surnames to full names, and organisations to their names with a legal form or a longer ending.
fn short_forms(items: &[Item], sets: &mut Sets) {
    // by first and by last word, so that a long document needs no comparison of all pairs
    let mut by_word: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (i, item) in items.iter().enumerate().filter(|(_, t)| t.kind == Kind::Actor) {
        let first = item.key.split(' ').next().unwrap_or("");
        let last = item.key.rsplit(' ').next().unwrap_or("");
        by_word.entry(first).or_default().push(i);
        if item.person && last != first {
            by_word.entry(last).or_default().push(i);
        }
    }
    let stripped: Vec<String> = items.iter().map(|t| key(lexicon().strip_legal(&t.name).0)).collect();
    let mut by_last: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (i, _) in items.iter().enumerate().filter(|(_, t)| t.kind == Kind::Actor && !t.person) {
        if let Some((_, last)) = stripped[i].rsplit_once(' ') {
            by_last.entry(last).or_default().push(i);
        }
    }
    let regions: FxHashSet<&str> = items.iter().filter(|t| t.kind == Kind::Region).map(|t| t.key.as_str()).collect();
    for (i, item) in items.iter().enumerate().filter(|(_, t)| t.kind == Kind::Actor) {
        let first = item.key.split(' ').next().unwrap_or("");
        let longer = by_word.get(first).into_iter().flatten().copied().filter(|&j| j != i);
        if item.person {
            if item.key.contains(' ') {
                continue;
            }
            let full: Vec<usize> = longer.filter(|&j| items[j].person && items[j].key.contains(' ')).collect();
            // two bearers of a name: the one that the document names more often
            if let Some(&j) = full.iter().max_by_key(|&&j| (items[j].count, std::cmp::Reverse(j))) {
                sets.join(i, j);
            }
            continue;
        }
        if regions.contains(item.key.as_str()) {
            continue;
        }
        let mut legal = None;
        let mut ending = Vec::new();
        for j in longer.filter(|&j| !items[j].person && items[j].key.len() > item.key.len()) {
            let (rest, form) = lexicon().strip_legal(&items[j].name);
            if form.is_some() && key(rest) == item.key {
                legal = Some(j);
            } else if items[j].key.strip_prefix(item.key.as_str()).is_some_and(|r| r.starts_with(' '))
                && types_agree(item, &items[j])
            {
                ending.push(j);
            }
        }
        // `Salpa` for `Puutuoteverkosto Salpa ry`
        if legal.is_none() && ending.is_empty() && item.lang == Lang::Fi && !item.key.contains(' ') {
            let tail = |j: &usize| {
                let (rest, form) = lexicon().strip_legal(&items[*j].name);
                form.is_some() && key(rest).rsplit(' ').next() == Some(item.key.as_str())
            };
            let all = by_last.get(item.key.as_str()).into_iter().flatten().copied();
            let fits: Vec<usize> = all.filter(|&j| j != i && types_agree(item, &items[j])).filter(tail).collect();
            ending.extend(fits);
        }
        match (legal, ending.as_slice()) {
            (Some(j), _) => sets.join(i, j),
            (None, [j]) => sets.join(i, *j),
            _ => {}
        }
    }
}

/// Joins an acronym to the one body of the document whose words have these first letters: `GVK` to `Gästrike Vatten och
/// Kulle`.
fn initials(items: &[Item], sets: &mut Sets) {
    let actors = || items.iter().enumerate().filter(|(_, t)| t.kind == Kind::Actor && !t.person);
    for (i, item) in actors() {
        let letters = item.name.chars().count();
        if !(3..=6).contains(&letters) || !item.name.chars().all(char::is_uppercase) {
            continue;
        }
        let fits = |name: &str| {
            let firsts: String = name.split([' ', '-']).filter_map(|w| w.chars().next()).collect();
            let capitals: String = firsts.chars().filter(|c| c.is_uppercase()).collect();
            let all = firsts.to_uppercase();
            let tail = capitals.chars().skip(1).collect::<String>();
            [&all, &capitals, &tail].into_iter().any(|f| *f == item.name)
        };
        let mut bearers = actors().filter(|(j, t)| *j != i && t.key.contains(' ') && fits(&t.name));
        if let (Some((j, _)), None) = (bearers.next(), bearers.next()) {
            sets.join(i, j);
        }
    }
}

/// Joins descriptions of one thing: "avtalet" or "ett samverkansavtal" and "samverkansavtal mellan A och B". Two that
/// each say what sets them apart stay two.
fn descriptions(items: &[Item], sets: &mut Sets) {
    let described: Vec<usize> = (0..items.len()).filter(|&i| !items[i].head.is_empty()).collect();
    for (n, &i) in described.iter().enumerate() {
        let bare = |k: usize| items[k].name.chars().count() <= items[k].head.chars().count() + 1;
        let alike = |j: usize| {
            items[i].kind == items[j].kind
                && (items[i].head == items[j].head || (bare(i) && items[j].head.ends_with(items[i].head.as_str())))
        };
        if bare(i) {
            // the nearest one before it that has the head, else the first one after it
            let before = described[..n].iter().rev().copied().find(|&j| alike(j));
            let after = || described[n + 1..].iter().copied().find(|&j| alike(j));
            if let Some(j) = before.or_else(after) {
                sets.join(i, j);
            }
        } else if let Some(tail) = tail(&items[i]) {
            // "vänskapsavtal med X" and then "avtalet med X"
            let same = |j: &&usize| {
                let (a, b) = (&items[i], &items[**j]);
                let heads = a.head.ends_with(b.head.as_str()) || b.head.ends_with(a.head.as_str());
                let one =
                    |t: &str| t == tail || (a.kind == Kind::Agreement && a.head == b.head && compatible(a, b, tail, t));
                a.kind == b.kind && heads && self::tail(b).is_some_and(one)
            };
            if let Some(&j) = described[..n].iter().rev().take(NEAR).find(same) {
                sets.join(i, j);
            }
        }
    }
}

/// What stands behind the head noun of a description.
fn tail(item: &Item) -> Option<&str> {
    item.key.split_once(item.head.as_str()).map(|(_, tail)| tail.trim()).filter(|t| !t.is_empty())
}

/// Whether what sets two agreements apart is of different kinds ("avtal för X", "avtal med Y", "avtal mellan Y och Z")
/// and does not speak of other parties.
fn compatible(a: &Item, b: &Item, tail: &str, other: &str) -> bool {
    let opens = |t: &'_ str| t.split(' ').next().map(str::to_owned);
    let parties = |item: &Item| -> Vec<String> {
        let named = item.name.split(' ').skip(1).filter(|w| w.chars().next().is_some_and(char::is_uppercase));
        named.map(|w| w.to_lowercase().chars().take(PARTY).collect()).collect()
    };
    let (x, y) = (parties(a), parties(b));
    opens(tail) != opens(other) && (x.is_empty() || y.is_empty() || x.iter().any(|w| y.contains(w)))
}

/// Whether two items may be one: a general type agrees with all of its kind.
fn types_agree(a: &Item, b: &Item) -> bool {
    let (x, y) = (leading(&a.types), leading(&b.types));
    x == y || x.is_general() || y.is_general()
}

/// The type with most votes; a special one beats the general one.
fn leading(types: &[(Type, u32)]) -> Type {
    types
        .iter()
        .max_by_key(|(t, n)| (!t.is_general(), *n, std::cmp::Reverse(*t)))
        .map_or(Type::Organisation, |(t, _)| *t)
}

/// Joins a name to the acronym in brackets after it: `Luleå tekniska universitet (LTU)`; also the other way round.
fn acronyms(page: &Page<'_>, found: &[Vec<Candidate>], of: &[Vec<usize>], items: &[Item], sets: &mut Sets) {
    for ((line, candidates), row) in page.lines.iter().zip(found).zip(of) {
        let text = page.text(line);
        for (a, b) in (0..candidates.len()).zip(1..candidates.len()) {
            let (left, right) = (&candidates[a], &candidates[b]);
            let (i, j) = (row[a], row[b]);
            let bracket = in_brackets(line, text, left, right);
            if !bracket || items[i].kind != items[j].kind || items[i].person || items[j].person {
                continue;
            }
            let thing = items[i].kind != Kind::Region;
            if thing || stands_for(&right.name, &left.name) {
                sets.join(i, j);
            }
        }
    }
}

/// Whether a word may be short for a name: its letters come in order at starts of words or parts of words.
fn stands_for(acronym: &str, name: &str) -> bool {
    let letters: Vec<char> = acronym.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if letters.len() < 2 || letters.len() > ACRONYM || acronym.contains(' ') || !acronym.chars().any(char::is_uppercase)
    {
        return false;
    }
    let name: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    if name.first() != letters.first() || name.len() <= letters.len() {
        return false;
    }
    let mut rest = name.iter();
    letters.iter().all(|l| rest.any(|c| c == l))
}

fn build(items: &[Item], sets: &mut Sets, of: &[Vec<usize>]) -> Local {
    let mut ids: FxHashMap<usize, LocalId> = FxHashMap::default();
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for i in 0..items.len() {
        let root = sets.root(i);
        let id = *ids.entry(root).or_insert_with(|| {
            clusters.push(Vec::new());
            LocalId(clusters.len() as u32 - 1)
        });
        clusters[id.0 as usize].push(i);
    }
    let entities = clusters.iter().map(|members| entity(items, members)).collect();
    let ids = of.iter().map(|row| row.iter().map(|&i| ids[&sets.root(i)]).collect()).collect();
    Local { entities, ids }
}

fn entity(items: &[Item], members: &[usize]) -> LocalEntity {
    let mut types: Vec<(Type, u32)> = Vec::new();
    for &(t, n) in members.iter().flat_map(|&i| &items[i].types) {
        match types.iter_mut().find(|(u, _)| *u == t) {
            Some((_, m)) => *m += n,
            None => types.push((t, n)),
        }
    }
    // the fullest form: most words, then most letters, then the most frequent, then the first of the alphabet
    let best = members.iter().copied().max_by(|&a, &b| {
        let (x, y) = (&items[a], &items[b]);
        let quiet = |t: &Item| t.name.chars().any(char::is_lowercase) || !t.name.contains(' ');
        // "samverkansavtal för näringsliv" is more of a name than "samverkansavtal mellan X och Y"
        let topic = |t: &Item| {
            let lower = |w: &str| w.chars().next().is_some_and(char::is_lowercase);
            tail(t).is_some() && !t.head.is_empty() && t.name.split(' ').skip(1).all(lower)
        };
        let size = |t: &Item| (t.full, topic(t), quiet(t), t.name.split(' ').count(), t.name.chars().count(), t.count);
        size(x).cmp(&size(y)).then_with(|| y.name.cmp(&x.name))
    });
    let best = best.map_or(members[0], |b| b);
    let mut aliases: Vec<String> = members
        .iter()
        .filter(|&&i| i != best && items[i].name != items[best].name)
        .map(|&i| items[i].name.clone())
        .collect();
    aliases.sort();
    aliases.dedup();
    LocalEntity {
        ty: leading(&types),
        name: items[best].name.clone(),
        aliases,
        language: items[best].lang,
        generic: members.iter().all(|&i| items[i].generic),
    }
}

/// The candidates of a line that name an entity, as (index, entity).
pub(crate) fn named<'c>(
    line: &'c [Candidate],
    ids: &'c [LocalId],
) -> impl Iterator<Item = (&'c Candidate, LocalId)> + 'c {
    line.iter().zip(ids.iter().copied())
}
