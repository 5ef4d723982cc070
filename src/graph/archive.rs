//! What came with the documents and is read only when asked for: their metadata and texts, what each of them says,
//! which entities of theirs a node is, and the sentences behind an edge.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zerocopy::little_endian::{U32, U64};

use crate::model::{DocumentMeta, Edtf, Evidence, LocalId, Mention, Modality, Reading, Span};

use super::builder::{Builder, GONE, Support};
use super::intern::Interner;
use super::layout::{Sections, kind};
use super::{EdgeId, Graph, GraphError, NodeId};

/// What is decoded once and kept.
#[derive(Debug)]
pub(super) struct ArchiveCache {
    documents: Vec<DocumentMeta>,
}

/// [`Evidence`] with its sentence by number.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    document: u32,
    span: Span,
    sentence: u32,
    rule: String,
    modality: Modality,
    since: Option<Edtf>,
    until: Option<Edtf>,
    date: Option<Edtf>,
    role: Option<String>,
}

/// All that an edge rests on.
#[derive(Debug, Serialize, Deserialize)]
struct StoredSupport {
    derived_from: Option<String>,
    evidence: Vec<Stored>,
}

/// LZ4 packs at most about 255 to 1: a block that claims more is a lie.
const MOST_PACKED: usize = 256;

/// A block, preceded by its length unpacked.
pub(super) fn pack(bytes: &[u8]) -> Vec<u8> {
    lz4_flex::compress_prepend_size(bytes)
}

/// A block unpacked; `None` where it is damaged.
fn unpack(block: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(*block.first_chunk()?) as usize;
    if size > block.len().saturating_mul(MOST_PACKED) {
        return None;
    }
    lz4_flex::decompress_size_prepended(block).ok()
}

/// postcard cannot fail on the types of the model; the empty block of a failure would be reported when read.
fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// A reading as it is kept.
pub(super) fn pack_reading(reading: &Reading) -> Vec<u8> {
    pack(&encode(reading))
}

/// The bytes of blocks one after the other, and where each begins.
fn blocks(sections: &mut Sections, offsets: u32, bytes: u32, blocks: &[Vec<u8>]) {
    let mut ends = vec![0u64];
    let mut all = Vec::with_capacity(blocks.iter().map(Vec::len).sum());
    for block in blocks {
        all.extend_from_slice(block);
        ends.push(all.len() as u64);
    }
    sections.u64s(offsets, ends);
    sections.bytes(bytes, 0, all);
}

/// Writes what a builder has of it; sections that would be empty are left out.
pub(super) fn write(builder: &Builder, new_nodes: &[u32], new_edges: &[u32], sections: &mut Sections) {
    let archive = &builder.archive;
    if !archive.documents.is_empty() {
        sections.bytes(kind::DOCUMENTS, 0, encode(&archive.documents));
    }
    if !archive.texts.is_empty() {
        blocks(sections, kind::TEXT_OFFSETS, kind::TEXTS, &archive.texts);
    }
    if !archive.readings.is_empty() {
        blocks(sections, kind::READING_OFFSETS, kind::READINGS, &archive.readings);
    }
    if !archive.members.is_empty() {
        let (mut offsets, mut members) = (vec![0u32], Vec::new());
        for (old, _) in new_nodes.iter().enumerate().filter(|(_, new)| **new != GONE) {
            for &(document, local) in archive.members.get(&(old as u32)).into_iter().flatten() {
                members.extend([document, local]);
            }
            offsets.push((members.len() / 2) as u32);
        }
        sections.u32s(kind::MEMBER_OFFSETS, offsets);
        sections.u32s(kind::MEMBERS, members);
    }
    if !archive.decisions.is_empty() {
        sections.bytes(kind::DECISIONS, 0, archive.decisions.clone().into_bytes());
    }
    if archive.rules_version != 0 {
        sections.u64s(kind::RULES_VERSION, [archive.rules_version]);
    }
    write_evidence(builder, new_edges, sections);
}

fn write_evidence(builder: &Builder, new_edges: &[u32], sections: &mut Sections) {
    let mut by_new: BTreeMap<u32, &Support> = BTreeMap::new();
    for (&old, support) in &builder.support {
        let new = new_edges[old as usize];
        if new != GONE && *support != Support::default() {
            by_new.insert(new, support);
        }
    }
    if by_new.is_empty() {
        return;
    }
    let edges = new_edges.iter().filter(|new| **new != GONE).count();
    let mut sentences = Interner::default();
    let (mut offsets, mut records) = (vec![0u64], Vec::new());
    for edge in 0..edges as u32 {
        if let Some(support) = by_new.get(&edge) {
            let evidence = support
                .evidence
                .iter()
                .map(|e| Stored {
                    document: e.document,
                    span: e.span,
                    sentence: sentences.intern(&e.sentence),
                    rule: e.rule.clone(),
                    modality: e.modality,
                    since: e.since.clone(),
                    until: e.until.clone(),
                    date: e.date.clone(),
                    role: e.role.clone(),
                })
                .collect();
            let stored = StoredSupport { derived_from: support.derived_from.clone(), evidence };
            records.extend_from_slice(&encode(&stored));
        }
        offsets.push(records.len() as u64);
    }
    sections.u64s(kind::EVIDENCE_OFFSETS, offsets);
    sections.bytes(kind::EVIDENCE, 0, records);
    let (heap, offsets) = sentences.parts();
    sections.u64s(kind::SENTENCE_OFFSETS, offsets.iter().copied());
    sections.bytes(kind::SENTENCES, 0, heap.to_vec());
}

/// Gives a builder all that the graph has of it, for [`Graph::thaw`].
pub(super) fn restore(graph: &Graph, builder: &mut Builder) -> Result<(), GraphError> {
    builder.archive.documents = graph.documents()?.to_vec();
    for document in 0..builder.archive.documents.len() as u32 {
        if let Some(text) = graph.block(kind::TEXT_OFFSETS, kind::TEXTS, document) {
            builder.archive.texts.push(text.to_vec());
        }
        if let Some(reading) = graph.block(kind::READING_OFFSETS, kind::READINGS, document) {
            builder.archive.readings.push(reading.to_vec());
        }
    }
    for node in graph.nodes() {
        let members: Vec<(u32, u32)> = graph.members(node).map(|(document, local)| (document, local.0)).collect();
        if !members.is_empty() {
            builder.archive.members.insert(node.0, members);
        }
    }
    builder.archive.decisions = graph.decisions().to_owned();
    builder.archive.rules_version = graph.rules_version();
    if !graph.section(kind::EVIDENCE_OFFSETS).is_empty() {
        for edge in graph.edges() {
            let support = Support { evidence: graph.evidence(edge)?, derived_from: graph.derived_from(edge)? };
            if support != Support::default() {
                builder.support.insert(edge.0, support);
            }
        }
    }
    Ok(())
}

impl Graph {
    /// The block between two offsets; `None` where there is none.
    fn block(&self, offsets: u32, bytes: u32, at: u32) -> Option<&[u8]> {
        let offsets: &[U64] = self.section_rows(offsets);
        let (start, end) = (offsets.get(at as usize)?.get(), offsets.get(at as usize + 1)?.get());
        self.section(bytes).get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
    }

    /// What is known of each document, in the order by which evidence and members name them.
    pub fn documents(&self) -> Result<&[DocumentMeta], GraphError> {
        if let Some(cache) = self.archive_cache().get() {
            return Ok(&cache.documents);
        }
        let section = self.section(kind::DOCUMENTS);
        let documents = if section.is_empty() {
            Vec::new()
        } else {
            postcard::from_bytes(section)
                .map_err(|_| self.damaged("the list of documents cannot be read".to_owned()))?
        };
        Ok(&self.archive_cache().get_or_init(|| ArchiveCache { documents }).documents)
    }

    /// Whether the texts of the documents were kept.
    pub fn has_texts(&self) -> bool {
        !self.section(kind::TEXT_OFFSETS).is_empty()
    }

    /// The text of a document; `None` where texts were left out or there is no such document.
    pub fn document_text(&self, document: u32) -> Result<Option<String>, GraphError> {
        let Some(block) = self.block(kind::TEXT_OFFSETS, kind::TEXTS, document) else { return Ok(None) };
        let text = unpack(block).and_then(|bytes| String::from_utf8(bytes).ok());
        text.map(Some).ok_or_else(|| self.damaged(format!("the text of document {document} cannot be read")))
    }

    /// What a document says; `None` in an imported graph or where there is no such document.
    pub fn reading(&self, document: u32) -> Result<Option<Reading>, GraphError> {
        let Some(block) = self.block(kind::READING_OFFSETS, kind::READINGS, document) else { return Ok(None) };
        let reading = unpack(block).and_then(|bytes| exact(&bytes));
        reading.map(Some).ok_or_else(|| self.damaged(format!("the reading of document {document} cannot be read")))
    }

    /// (document, entity within it) of each entity that a node is, sorted.
    pub fn members(&self, node: NodeId) -> impl Iterator<Item = (u32, LocalId)> + '_ {
        let offsets: &[U32] = self.section_rows(kind::MEMBER_OFFSETS);
        let members: &[[U32; 2]] = self.section_rows(kind::MEMBERS);
        let range = match (offsets.get(node.index()), offsets.get(node.index() + 1)) {
            (Some(a), Some(b)) => members.get(a.get() as usize..b.get() as usize).unwrap_or(&[]),
            _ => &[],
        };
        range.iter().map(|[document, local]| (document.get(), LocalId(local.get())))
    }

    /// The places that name a node, with the document of each, in the order of the documents and their text.
    pub fn mentions(&self, node: NodeId) -> Result<Vec<(u32, Mention)>, GraphError> {
        let mut by_document: BTreeMap<u32, Vec<LocalId>> = BTreeMap::new();
        self.members(node).for_each(|(document, local)| by_document.entry(document).or_default().push(local));
        let mut all = Vec::new();
        for (document, locals) in by_document {
            if let Some(reading) = self.reading(document)? {
                let of_node = reading.mentions.into_iter().filter(|m| locals.contains(&m.entity));
                all.extend(of_node.map(|m| (document, m)));
            }
        }
        Ok(all)
    }

    fn support(&self, edge: EdgeId) -> Result<Option<StoredSupport>, GraphError> {
        match self.block(kind::EVIDENCE_OFFSETS, kind::EVIDENCE, edge.0) {
            None | Some([]) => Ok(None),
            Some(bytes) => match exact(bytes) {
                Some(support) => Ok(Some(support)),
                None => Err(self.damaged(format!("the evidence of edge {} cannot be read", edge.0))),
            },
        }
    }

    /// The observations that an edge is, sorted by document and place; none where it is derived or imported bare.
    pub fn evidence(&self, edge: EdgeId) -> Result<Vec<Evidence>, GraphError> {
        let Some(support) = self.support(edge)? else { return Ok(Vec::new()) };
        let mut all = Vec::with_capacity(support.evidence.len());
        for e in support.evidence {
            let sentence = self
                .block(kind::SENTENCE_OFFSETS, kind::SENTENCES, e.sentence)
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .ok_or_else(|| self.damaged(format!("a sentence of edge {} cannot be read", edge.0)))?;
            all.push(Evidence {
                document: e.document,
                span: e.span,
                sentence: sentence.to_owned(),
                rule: e.rule,
                modality: e.modality,
                since: e.since,
                until: e.until,
                date: e.date,
                role: e.role,
            });
        }
        Ok(all)
    }

    /// What a derived edge follows from, in words.
    pub fn derived_from(&self, edge: EdgeId) -> Result<Option<String>, GraphError> {
        Ok(self.support(edge)?.and_then(|s| s.derived_from))
    }

    /// The decisions by hand that went into the graph, as they were written.
    pub fn decisions(&self) -> &str {
        std::str::from_utf8(self.section(kind::DECISIONS)).unwrap_or("")
    }

    /// The version of the rules that read the documents; 0 where none did.
    pub fn rules_version(&self) -> u64 {
        self.section_rows::<U64>(kind::RULES_VERSION).first().map_or(0, |v| v.get())
    }
}

/// A value that fills the bytes.
fn exact<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}
