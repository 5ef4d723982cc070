//! The index of names: names and aliases of nodes, looked up exactly, folded, by prefix, by word and by part.
//!
//! It does not fold what is asked for: the caller does, with [`crate::model::fold`], once for several look-ups. It
//! does not rank; that is the query room's work.

use memchr::memmem;
use rayon::slice::ParallelSliceMut;
use zerocopy::little_endian::{U16, U32};

use super::builder::{Builder, GONE};
use super::freeze::Strings;
use super::intern::Interner;
use super::layout::{ALIAS, NameRow, Sections, WordRow, kind};
use super::read::StringTable;
use super::{Graph, NodeId, PropertyRef};

/// The key of names.
pub(super) const NAME: &str = "name";
/// The key of lists of aliases.
pub(super) const ALIASES: &str = "aliases";

/// The first eight bytes as a number that orders as they do; sorting by it spares most reads of the heap.
pub(super) fn prefix_key(text: &[u8]) -> u64 {
    let mut key = [0; 8];
    let length = text.len().min(8);
    key[..length].copy_from_slice(&text[..length]);
    u64::from_be_bytes(key)
}

/// Folded, exact (both strings of the graph) and node, marked where it is an alias.
type Row = (u32, u32, u32);

/// The names of a graph in the making.
pub(super) fn collect(builder: &Builder, new_nodes: &[u32], strings: &mut Strings<'_>) -> Vec<Row> {
    let store = |key: &str| builder.keys.find(key).map(|key| &builder.node_stores[key as usize]);
    let (names, aliases) = (store(NAME), store(ALIASES));
    let mut rows = Vec::new();
    let mut add = |text: &str, node: u32, strings: &mut Strings<'_>| {
        let folded = strings.text(&crate::model::fold(text));
        rows.push((folded, strings.text(text), node));
    };
    for (old, &new) in new_nodes.iter().enumerate().filter(|(_, new)| **new != GONE) {
        if let Some(PropertyRef::String(name)) = names.map(|s| s.get(old as u32, &builder.strings)) {
            add(name, new, strings);
        }
        match aliases.map(|s| s.get(old as u32, &builder.strings)) {
            Some(PropertyRef::String(name)) => add(name, new | ALIAS, strings),
            Some(PropertyRef::List(items)) => {
                for item in &items {
                    if let PropertyRef::String(name) = item {
                        add(name, new | ALIAS, strings);
                    }
                }
            }
            _ => {}
        }
    }
    rows
}

/// Writes the index. `order` holds the strings in the order of their bytes.
pub(super) fn write(mut rows: Vec<Row>, strings: &Interner, order: &[u32], sections: &mut Sections) {
    let mut rank = vec![0u32; strings.len()];
    order.iter().enumerate().for_each(|(at, &id)| rank[id as usize] = at as u32);
    rows.sort_unstable_by_key(|r| (rank[r.0 as usize], r.2 & !ALIAS, r.2, r.1));
    rows.dedup();

    let mut exact: Vec<u32> = (0..rows.len() as u32).collect();
    exact.sort_unstable_by_key(|&r| {
        let row = rows[r as usize];
        (rank[row.1 as usize], row.2 & !ALIAS, row.2)
    });

    let mut words: Vec<(u64, u32, u16)> = Vec::new();
    for (row, &(folded, _, _)) in rows.iter().enumerate() {
        let text = strings.get(folded);
        for at in word_starts(text) {
            // A name of more than 64 kB is searched by its first words only.
            let Ok(short) = u16::try_from(at) else { break };
            words.push((prefix_key(&text.as_bytes()[at..]), row as u32, short));
        }
    }
    let rest = |w: &(u64, u32, u16)| &strings.raw(rows[w.1 as usize].0)[usize::from(w.2)..];
    words.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0).then_with(|| rest(a).cmp(rest(b))).then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
    });

    let words: Vec<WordRow> =
        words.into_iter().map(|(_, name, at)| WordRow { name: U32::new(name), at: U16::new(at) }).collect();
    let rows: Vec<NameRow> = rows
        .into_iter()
        .map(|(folded, exact, node)| NameRow { folded: U32::new(folded), exact: U32::new(exact), node: U32::new(node) })
        .collect();
    sections.rows(kind::NAMES, &rows);
    sections.u32s(kind::NAMES_EXACT, exact);
    sections.rows(kind::NAME_WORDS, &words);
}

/// Where words begin: a letter or digit after what is none.
fn word_starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut inside = false;
    text.char_indices().filter_map(move |(at, c)| {
        let word = c.is_alphanumeric();
        let start = word && !inside;
        inside = word;
        start.then_some(at)
    })
}

/// A node found by one of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameHit<'g> {
    /// The node.
    pub node: NodeId,
    /// The name as it is written.
    pub name: &'g str,
    /// Whether it is an alias, not the node's `name`.
    pub alias: bool,
}

/// Look-ups by name. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct NameIndex<'g> {
    strings: StringTable<'g>,
    rows: &'g [NameRow],
    exact: &'g [U32],
    words: &'g [WordRow],
    /// The heap of the values of `name`.
    heap: &'g [u8],
    nodes: u32,
}

impl Graph {
    /// The index of names.
    pub fn names(&self) -> NameIndex<'_> {
        let strings = self.strings();
        NameIndex {
            strings,
            rows: self.section_rows(kind::NAMES),
            exact: self.section_rows(kind::NAMES_EXACT),
            words: self.section_rows(kind::NAME_WORDS),
            heap: strings.heap(self.header().name_strings.get()),
            nodes: self.header().nodes.get(),
        }
    }
}

impl<'g> NameIndex<'g> {
    fn hit(self, row: &NameRow) -> Option<NameHit<'g>> {
        let node = row.node.get() & !ALIAS;
        (node < self.nodes).then(|| NameHit {
            node: NodeId(node),
            name: self.strings.get(row.exact.get()),
            alias: row.node.get() & ALIAS != 0,
        })
    }

    fn exact_text(self, row: U32) -> &'g [u8] {
        self.rows.get(row.get() as usize).map_or(&[], |r| self.strings.raw(r.exact.get()))
    }

    fn word_text(self, word: &WordRow) -> &'g [u8] {
        let folded = self.rows.get(word.name.get() as usize).map_or(&[][..], |r| self.strings.raw(r.folded.get()));
        folded.get(usize::from(word.at.get())..).unwrap_or(&[])
    }

    /// Nodes with a name or alias that is written so; sorted by node.
    pub fn exact(self, name: &str) -> impl Iterator<Item = NameHit<'g>> + Clone {
        let start = self.exact.partition_point(|&r| self.exact_text(r) < name.as_bytes());
        let length = self.exact[start..].partition_point(|&r| self.exact_text(r) == name.as_bytes());
        self.exact[start..start + length].iter().filter_map(move |r| self.hit(self.rows.get(r.get() as usize)?))
    }

    /// Nodes with a name or alias that begins so, as written; sorted by it, then node.
    pub fn exact_prefix(self, prefix: &str) -> impl Iterator<Item = NameHit<'g>> + Clone {
        let start = self.exact.partition_point(|&r| self.exact_text(r) < prefix.as_bytes());
        let length = self.exact[start..].partition_point(|&r| self.exact_text(r).starts_with(prefix.as_bytes()));
        self.exact[start..start + length].iter().filter_map(move |r| self.hit(self.rows.get(r.get() as usize)?))
    }

    /// Nodes with a name or alias whose folded form is this; sorted by node.
    pub fn folded(self, folded: &str) -> impl Iterator<Item = NameHit<'g>> + Clone {
        let text = |r: &NameRow| self.strings.raw(r.folded.get());
        let start = self.rows.partition_point(|r| text(r) < folded.as_bytes());
        let length = self.rows[start..].partition_point(|r| text(r) == folded.as_bytes());
        self.rows[start..start + length].iter().filter_map(move |r| self.hit(r))
    }

    /// Nodes with a name or alias whose folded form begins so; sorted by it, then node.
    pub fn folded_prefix(self, prefix: &str) -> impl Iterator<Item = NameHit<'g>> + Clone {
        let text = |r: &NameRow| self.strings.raw(r.folded.get());
        let start = self.rows.partition_point(|r| text(r) < prefix.as_bytes());
        let length = self.rows[start..].partition_point(|r| text(r).starts_with(prefix.as_bytes()));
        self.rows[start..start + length].iter().filter_map(move |r| self.hit(r))
    }

    /// Nodes with a name or alias that has a word (or words in a row) beginning so, in folded form; sorted by the
    /// name from that word on. A name comes as often as it has such words.
    pub fn word_prefix(self, prefix: &str) -> impl Iterator<Item = NameHit<'g>> + Clone {
        self.word_range(prefix).iter().filter_map(move |w| self.hit(self.rows.get(w.name.get() as usize)?))
    }

    /// Nodes with a name or alias that has this word (or these words in a row), in folded form.
    pub fn word(self, word: &str) -> impl Iterator<Item = NameHit<'g>> + Clone {
        let length = word.len();
        self.word_range(word)
            .iter()
            .filter(move |w| {
                let rest = std::str::from_utf8(self.word_text(w)).unwrap_or("");
                rest.get(length..).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            })
            .filter_map(move |w| self.hit(self.rows.get(w.name.get() as usize)?))
    }

    fn word_range(self, prefix: &str) -> &'g [WordRow] {
        let start = self.words.partition_point(|w| self.word_text(w) < prefix.as_bytes());
        let length = self.words[start..].partition_point(|w| self.word_text(w).starts_with(prefix.as_bytes()));
        &self.words[start..start + length]
    }

    /// Nodes whose `name` (aliases apart) holds this text as written, ascending. An empty text is in every name.
    pub fn containing(self, part: &str) -> Vec<NodeId> {
        let mut found = Vec::new();
        if part.is_empty() {
            found.extend(self.iter().filter(|h| !h.alias).map(|h| h.node));
        }
        let mut at = if part.is_empty() { self.heap.len() + 1 } else { 0 };
        let finder = memmem::Finder::new(part);
        while let Some(place) = self.heap.get(at..).and_then(|rest| finder.find(rest)) {
            let string = self.strings.at(at + place);
            let text = self.strings.raw(string);
            // What runs over the end of one name into the next is in neither.
            let inside = memmem::find(text, part.as_bytes()).is_some();
            if inside {
                let name = self.strings.get(string);
                found.extend(self.exact(name).filter(|h| !h.alias).map(|h| h.node));
            }
            let end = self.strings.end(string);
            at = if inside || end <= at + place { end.max(at + place + 1) } else { at + place + 1 };
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// All names and aliases, sorted by folded form, then node.
    pub fn iter(self) -> impl Iterator<Item = NameHit<'g>> + Clone {
        self.rows.iter().filter_map(move |r| self.hit(r))
    }

    /// The folded forms, sorted, one for each name and alias of [`NameIndex::iter`]: for edit distances.
    pub fn folded_forms(self) -> impl Iterator<Item = (&'g str, NodeId)> + Clone {
        self.rows.iter().filter_map(move |r| Some((self.strings.get(r.folded.get()), self.hit(r)?.node)))
    }
}
