//! What lies where in the bytes of a graph: the header, the table of sections, and what each section holds.
//!
//! All numbers are little-endian. A file is a [`Header`], the table (one [`Entry`] a section, sorted by kind and
//! parameter), then the sections, each begun at a multiple of [`ALIGN`] bytes, the gaps filled with zeros.
//! Unknown kinds of section are passed over, so that a later version can add some without moving a wall.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use super::GraphError;

/// The first eight bytes of every graph file.
pub const MAGIC: [u8; 8] = *b"SAMBAND\x1a";
/// The version of the format that this program writes and reads.
pub const VERSION: u32 = 1;
/// Reads as this number only where the bytes are in the right order.
pub const ENDIANNESS: u32 = 0x0102_0304;
/// Each section begins at a multiple of this.
pub const ALIGN: usize = 64;

/// The first 64 bytes of a file.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Header {
    /// [`MAGIC`].
    pub magic: [u8; 8],
    /// [`VERSION`].
    pub version: U32,
    /// [`ENDIANNESS`].
    pub endianness: U32,
    /// Number of entries in the table, which follows the header.
    pub sections: U32,
    /// CRC-32 (IEEE) of the table.
    pub table_crc: U32,
    /// Length of the whole file in bytes.
    pub length: U64,
    /// Number of nodes.
    pub nodes: U32,
    /// Number of edges.
    pub edges: U32,
    /// 0 for a closed schema, 1 for an open one.
    pub schema: U32,
    /// Number of edges from a node to itself.
    pub self_loops: U32,
    /// The first so many strings of the heap are the values of `name`, so that a search for a part of a name reads
    /// one stretch of the heap.
    pub name_strings: U32,
    /// Zeros.
    pub reserved: [U32; 2],
    /// CRC-32 (IEEE) of the header up to here.
    pub header_crc: U32,
}

/// One entry of the table of sections: 32 bytes.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Entry {
    /// What the section holds: a constant of [`kind`].
    pub kind: U32,
    /// The key of a column; 0 for others.
    pub param: U32,
    /// Where it begins, from the start of the file.
    pub offset: U64,
    /// Its length in bytes.
    pub length: U64,
    /// CRC-32 (IEEE) of its bytes.
    pub crc: U32,
    /// Zeros.
    pub reserved: U32,
}

/// The kinds of sections. `S` strings, `L` labels, `T` sets of labels, `R` relations, `K` keys, `N` nodes, `E` edges,
/// `D` documents; offsets have one more element than what they divide, the first 0, never falling.
pub mod kind {
    /// u32 × (S+1): where each string begins in [`STRING_BYTES`].
    pub const STRING_OFFSETS: u32 = 1;
    /// UTF-8, every string once.
    pub const STRING_BYTES: u32 = 2;
    /// u32 × L: the string of each label; sorted by it.
    pub const LABELS: u32 = 3;
    /// u32 × (T+1): where each set of labels begins in [`LABEL_SET_MEMBERS`].
    pub const LABEL_SET_OFFSETS: u32 = 4;
    /// u32 each: labels, in the order in which the node got them.
    pub const LABEL_SET_MEMBERS: u32 = 5;
    /// u32 × N: the set of labels of each node.
    pub const NODE_LABEL_SET: u32 = 6;
    /// u32 × (L+1): where each label's nodes begin in [`LABEL_NODES`].
    pub const LABEL_NODE_OFFSETS: u32 = 7;
    /// u32 each: the nodes that bear a label, ascending.
    pub const LABEL_NODES: u32 = 8;
    /// [`RelationRow`](super::RelationRow) × R: sorted by name, structural ones last.
    pub const RELATIONS: u32 = 9;
    /// u32 × E: the source of each edge. Edges are sorted by (source, relation, target).
    pub const EDGE_SOURCE: u32 = 10;
    /// u16 × E: the relation of each edge.
    pub const EDGE_RELATION: u32 = 12;
    /// [`NodeRow`](super::NodeRow) × (N+1): where the adjacency of each node begins.
    pub const ADJACENCY_NODES: u32 = 13;
    /// [`SegmentRow`](super::SegmentRow) each: the runs of one node, direction and relation; one more at the end.
    pub const ADJACENCY_SEGMENTS: u32 = 14;
    /// u32 × 2E: neighbours, sorted by (node, direction, relation, neighbour).
    pub const ADJACENCY_NEIGHBOURS: u32 = 15;
    /// u32 × E: the edge to each incoming neighbour, in their order. The edges to outgoing neighbours are numbered in
    /// the order of those; so are their targets found.
    pub const ADJACENCY_INCOMING: u32 = 16;
    /// u32 × K: the string of each key; sorted by it.
    pub const KEYS: u32 = 17;
    /// [`StatisticRow`](super::StatisticRow) each: sorted by (label, relation, direction).
    pub const STATISTICS: u32 = 18;
    /// u32 × S: the strings in the order of their bytes.
    pub const STRING_ORDER: u32 = 19;
    /// A [`ColumnHeader`](super::ColumnHeader), then its arrays: the values of a key (param) on nodes.
    pub const NODE_COLUMN: u32 = 20;
    /// The same on edges.
    pub const EDGE_COLUMN: u32 = 21;
    /// [`NameRow`](super::NameRow) each: names and aliases, sorted by folded form, then node.
    pub const NAMES: u32 = 30;
    /// u32 each: the rows of [`NAMES`], sorted by the name as written, then node.
    pub const NAMES_EXACT: u32 = 31;
    /// [`WordRow`](super::WordRow) each: where words begin in folded names, sorted by the text from there on.
    pub const NAME_WORDS: u32 = 32;
    /// Kept for an index of n-grams.
    pub const NAME_NGRAMS: u32 = 33;
    /// u32 × N: the string of each node's own identifier; left out where it is the node's number.
    pub const NODE_IDS: u32 = 40;
    /// postcard: what is known of each document.
    pub const DOCUMENTS: u32 = 50;
    /// u64 × (D+1): where each document's text begins in [`TEXTS`].
    pub const TEXT_OFFSETS: u32 = 51;
    /// LZ4 blocks, each preceded by its length unpacked (u32).
    pub const TEXTS: u32 = 52;
    /// u64 × (D+1): where each document's reading begins in [`READINGS`].
    pub const READING_OFFSETS: u32 = 53;
    /// LZ4 blocks of postcard, each preceded by its length unpacked (u32).
    pub const READINGS: u32 = 54;
    /// u32 × (N+1): where the members of each node begin in [`MEMBERS`].
    pub const MEMBER_OFFSETS: u32 = 55;
    /// u32 pairs: (document, entity within it), sorted.
    pub const MEMBERS: u32 = 56;
    /// Kept for an index from words to documents.
    pub const DOCUMENT_WORDS: u32 = 57;
    /// u64 × (E+1): where the evidence of each edge begins in [`EVIDENCE`].
    pub const EVIDENCE_OFFSETS: u32 = 60;
    /// postcard: the evidence of an edge; sentences by number.
    pub const EVIDENCE: u32 = 61;
    /// u64 each: where each sentence begins in [`SENTENCES`].
    pub const SENTENCE_OFFSETS: u32 = 62;
    /// UTF-8, every sentence once.
    pub const SENTENCES: u32 = 63;
    /// UTF-8: the decisions by hand.
    pub const DECISIONS: u32 = 70;
    /// u64: the version of the rules.
    pub const RULES_VERSION: u32 = 71;
}

/// A relation.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct RelationRow {
    /// Its string.
    pub name: U32,
    /// [`SYMMETRIC`], [`STRUCTURAL`].
    pub flags: U32,
    /// How many edges it has.
    pub count: U32,
}

/// Flag of a relation without a direction.
pub const SYMMETRIC: u32 = 1;
/// Flag of a relation that patterns of any relation pass over.
pub const STRUCTURAL: u32 = 2;

/// Where the adjacency of a node begins; it ends where the next one's begins.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct NodeRow {
    /// First of its outgoing neighbours.
    pub out: U32,
    /// First of its incoming neighbours.
    pub into: U32,
    /// First of its outgoing edges.
    pub edge: U32,
    /// First of its segments.
    pub segment: U32,
}

/// A run of neighbours of one node over one relation in one direction; it ends where the next one begins.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct SegmentRow {
    /// Where it begins.
    pub start: U32,
    /// The relation, [`INCOMING`] added for incoming edges.
    pub key: U16,
}

/// The bit of a relation's number that stands for incoming edges; so there are fewer relations than this.
pub const INCOMING: u32 = 1 << 15;

/// What the planner knows of a label and a relation.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct StatisticRow {
    /// The label.
    pub label: U32,
    /// The relation, [`INCOMING`] added for incoming edges.
    pub key: U32,
    /// Edges of the relation that leave (enter) a node with the label.
    pub edges: U32,
    /// Nodes with the label that such an edge leaves (enters).
    pub nodes: U32,
}

/// The beginning of a column.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct ColumnHeader {
    /// The type of its values: a constant of [`values`].
    pub values: U32,
    /// How many values there are.
    pub count: U32,
    /// 1 where every node (edge) has a value, so that no ids are stored; 0 where u32 × count ids, ascending, follow.
    pub dense: U32,
    /// Zeros.
    pub reserved: U32,
}

/// The types of values of a column.
pub mod values {
    /// u8 × count, 0 or 1.
    pub const BOOL: u32 = 1;
    /// i16 × count.
    pub const INT16: u32 = 2;
    /// i32 × count.
    pub const INT32: u32 = 3;
    /// i64 × count.
    pub const INT64: u32 = 4;
    /// f64 × count.
    pub const FLOAT: u32 = 5;
    /// u32 × count: strings.
    pub const STRING: u32 = 6;
    /// u32 × (count+1) offsets, then u32 each: lists of strings.
    pub const STRINGS: u32 = 7;
    /// u32 × (count+1) offsets, then bytes: values of any type, each with its tag.
    pub const MIXED: u32 = 8;
}

/// A name of a node.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct NameRow {
    /// The string as folded.
    pub folded: U32,
    /// The string as written.
    pub exact: U32,
    /// The node; the highest bit is set for an alias.
    pub node: U32,
}

/// The bit of a name's node that stands for an alias.
pub const ALIAS: u32 = 1 << 31;

/// A word of a name.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct WordRow {
    /// The row of [`kind::NAMES`].
    pub name: U32,
    /// The byte of the folded name at which the word begins.
    pub at: U16,
}

/// Puts a file together.
#[derive(Default)]
pub(super) struct Sections {
    parts: Vec<(u32, u32, Vec<u8>)>,
}

impl Sections {
    /// Adds a section of bytes.
    pub(super) fn bytes(&mut self, kind: u32, param: u32, bytes: Vec<u8>) {
        self.parts.push((kind, param, bytes));
    }

    /// Adds a section of rows.
    pub(super) fn rows<T: IntoBytes + Immutable>(&mut self, kind: u32, rows: &[T]) {
        self.bytes(kind, 0, rows.as_bytes().to_vec());
    }

    /// Adds a section of 64-bit numbers.
    pub(super) fn u64s(&mut self, kind: u32, numbers: impl IntoIterator<Item = u64>) {
        self.bytes(kind, 0, numbers.into_iter().flat_map(u64::to_le_bytes).collect());
    }

    /// Adds a section of 32-bit numbers.
    pub(super) fn u32s(&mut self, kind: u32, numbers: impl IntoIterator<Item = u32>) {
        self.bytes(kind, 0, u32_bytes(numbers));
    }

    /// The whole file. `header` holds the counts; the rest of it is filled in here.
    pub(super) fn assemble(mut self, mut header: Header) -> Vec<u8> {
        self.parts.sort_by_key(|part| (part.0, part.1));
        let mut at = (size_of::<Header>() + self.parts.len() * size_of::<Entry>()).next_multiple_of(ALIGN);
        let mut table = Vec::with_capacity(self.parts.len());
        for (kind, param, bytes) in &self.parts {
            table.push(Entry {
                kind: U32::new(*kind),
                param: U32::new(*param),
                offset: U64::new(at as u64),
                length: U64::new(bytes.len() as u64),
                crc: U32::new(crc32fast::hash(bytes)),
                reserved: U32::ZERO,
            });
            at = (at + bytes.len()).next_multiple_of(ALIGN);
        }
        header.magic = MAGIC;
        header.version = U32::new(VERSION);
        header.endianness = U32::new(ENDIANNESS);
        header.sections = U32::new(table.len() as u32);
        header.table_crc = U32::new(crc32fast::hash(table.as_bytes()));
        header.length = U64::new(at as u64);
        header.header_crc = U32::new(header_crc(&header));
        let mut file = Vec::with_capacity(at);
        file.extend_from_slice(header.as_bytes());
        file.extend_from_slice(table.as_bytes());
        file.resize(file.len().next_multiple_of(ALIGN), 0);
        for (_, _, bytes) in self.parts {
            file.extend_from_slice(&bytes);
            file.resize(file.len().next_multiple_of(ALIGN), 0);
        }
        file
    }
}

/// Numbers as they lie in a file.
pub(super) fn u32_bytes(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let numbers = numbers.into_iter();
    let mut out = Vec::with_capacity(numbers.size_hint().0 * 4);
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
    out
}

/// The checksum of a header, over what stands before the checksum.
fn header_crc(header: &Header) -> u32 {
    crc32fast::hash(&header.as_bytes()[..std::mem::offset_of!(Header, header_crc)])
}

/// Reads and checks the header and the table: magic, version, length, checksums, and that every section lies within
/// the file. `name` is what errors call the file.
pub(super) fn parse<'b>(bytes: &'b [u8], name: &str) -> Result<(&'b Header, &'b [Entry]), GraphError> {
    let damaged = |what: String| GraphError::Damaged { name: name.to_owned(), what };
    if bytes.len() < MAGIC.len() || bytes[..MAGIC.len()] != MAGIC {
        return Err(GraphError::NotAGraph { name: name.to_owned() });
    }
    let Ok((header, rest)) = Header::ref_from_prefix(bytes) else {
        return Err(damaged(format!("it ends within its header, after {} bytes", bytes.len())));
    };
    if header.version.get() != VERSION {
        return Err(GraphError::Version { name: name.to_owned(), found: header.version.get(), expected: VERSION });
    }
    if header.endianness.get() != ENDIANNESS {
        return Err(damaged("its bytes are in the wrong order".to_owned()));
    }
    if header.header_crc.get() != header_crc(header) {
        return Err(damaged("the checksum of its header does not match".to_owned()));
    }
    if header.length.get() != bytes.len() as u64 {
        return Err(damaged(format!("it has {} bytes and should have {}", bytes.len(), header.length.get())));
    }
    let Ok((table, _)) = <[Entry]>::ref_from_prefix_with_elems(rest, header.sections.get() as usize) else {
        return Err(damaged(format!("its table of {} sections is cut off", header.sections.get())));
    };
    if header.table_crc.get() != crc32fast::hash(table.as_bytes()) {
        return Err(damaged("the checksum of its table does not match".to_owned()));
    }
    let mut last = None;
    let mut free = (size_of::<Header>() + size_of_val(table)) as u64;
    for entry in table {
        let key = (entry.kind.get(), entry.param.get());
        if last.is_some_and(|last| last >= key) {
            return Err(damaged(format!("section {} is out of order", key.0)));
        }
        last = Some(key);
        // Sections follow one another: none overlaps what stands before it.
        if entry.offset.get() < free {
            return Err(damaged(format!("section {} overlaps what stands before it", key.0)));
        }
        match entry.offset.get().checked_add(entry.length.get()) {
            Some(end) if end <= bytes.len() as u64 => free = end,
            _ => return Err(damaged(format!("section {} ends beyond the file", key.0))),
        }
    }
    Ok((header, table))
}

/// The header and the table, whatever their checksums say: for tests that forge files.
#[cfg(test)]
pub(super) fn parse_unchecked(bytes: &[u8]) -> Result<(Header, Vec<Entry>), ()> {
    let (header, rest) = Header::ref_from_prefix(bytes).map_err(|_| ())?;
    let (table, _) = <[Entry]>::ref_from_prefix_with_elems(rest, header.sections.get() as usize).map_err(|_| ())?;
    Ok((*header, table.to_vec()))
}

/// Writes the header and the table with checksums that match.
#[cfg(test)]
pub(super) fn seal(header: &mut Header, table: &[Entry], bytes: &mut [u8]) {
    header.table_crc = U32::new(crc32fast::hash(table.as_bytes()));
    header.header_crc = U32::new(header_crc(header));
    bytes[..size_of::<Header>()].copy_from_slice(header.as_bytes());
    bytes[size_of::<Header>()..][..table.as_bytes().len()].copy_from_slice(table.as_bytes());
}
