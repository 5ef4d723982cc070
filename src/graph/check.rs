//! Verifies a graph whole: checksums, and every number, offset and order that the layout promises.
//!
//! Look-ups do not rely on it: they check what they use. It says whether a file is as it was written.

use zerocopy::IntoBytes;
use zerocopy::little_endian::{U16, U32, U64};

use super::freeze::MOST_STATISTICS;
use super::layout::{self, ALIAS, INCOMING, NameRow, StatisticRow, WordRow, kind};
use super::{Direction, Graph, NodeId, RelId};

/// At most so many faults are told.
const MOST: usize = 100;

/// What a full verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Bytes of the file.
    pub bytes: u64,
    /// Sections that were verified.
    pub sections: usize,
    /// Nodes.
    pub nodes: usize,
    /// Edges.
    pub edges: usize,
    /// Documents.
    pub documents: usize,
    /// What is wrong, in words, the first hundred of it; empty where all is well.
    pub faults: Vec<String>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, what: String) {
        if self.faults.len() < MOST {
            self.faults.push(what);
        }
    }
}

/// The first section whose checksum does not match, in words.
pub(super) fn checksums(graph: &Graph) -> Option<String> {
    let bytes = graph.as_bytes();
    let (_, table) = layout::parse(bytes, "").ok()?;
    let mut end = size_of::<layout::Header>() + table.as_bytes().len();
    for entry in table {
        let start = entry.offset.get() as usize;
        if bytes.get(end..start)?.iter().any(|&b| b != 0) {
            return Some(format!("the gap before section {} is not empty", entry.kind));
        }
        end = start + entry.length.get() as usize;
        if crc32fast::hash(bytes.get(start..end)?) != entry.crc.get() {
            return Some(format!("the checksum of section {} does not match", entry.kind));
        }
    }
    bytes.get(end..)?.iter().any(|&b| b != 0).then(|| "what follows the last section is not empty".to_owned())
}

/// Verifies a graph whole.
pub fn check(graph: &Graph) -> Report {
    let mut report = Report {
        bytes: graph.as_bytes().len() as u64,
        sections: layout::parse(graph.as_bytes(), "").map_or(0, |(_, table)| table.len()),
        nodes: graph.node_count(),
        edges: graph.edge_count(),
        ..Report::default()
    };
    if let Some(what) = checksums(graph) {
        report.fault(what);
    }
    strings(graph, &mut report);
    schema(graph, &mut report);
    adjacency(graph, &mut report);
    columns(graph, &mut report);
    names(graph, &mut report);
    archive(graph, &mut report);
    report
}

/// Whether offsets begin at 0, never fall and end where they should.
fn rise(offsets: impl Iterator<Item = u64>, end: usize) -> bool {
    let mut last = None;
    for offset in offsets {
        match last {
            None if offset != 0 => return false,
            Some(before) if before > offset => return false,
            _ => last = Some(offset),
        }
    }
    last == Some(end as u64)
}

fn rise32(offsets: &[U32], end: usize) -> bool {
    rise(offsets.iter().map(|o| u64::from(o.get())), end)
}

fn strings(graph: &Graph, report: &mut Report) {
    let table = graph.strings();
    let (offsets, heap) = table.parts();
    if !rise32(offsets, heap.len()) {
        report.fault("the offsets of strings are wrong".to_owned());
        return;
    }
    if (0..table.len() as u32).any(|s| std::str::from_utf8(table.raw(s)).is_err()) {
        report.fault("a string is not UTF-8".to_owned());
    }
    let order: &[U32] = graph.section_rows(kind::STRING_ORDER);
    let sorted = order.windows(2).all(|w| table.raw(w[0].get()) < table.raw(w[1].get()));
    if order.len() != table.len() || !sorted || order.iter().any(|s| s.get() as usize >= table.len()) {
        report.fault("the order of strings is wrong".to_owned());
    }
}

/// Whether names are valid strings and strictly rising.
fn sorted_names(graph: &Graph, names: impl Iterator<Item = u32>) -> bool {
    let strings = graph.strings();
    let names: Vec<u32> = names.collect();
    names.iter().all(|&n| (n as usize) < strings.len())
        && names.windows(2).all(|w| strings.raw(w[0]) < strings.raw(w[1]))
}

fn schema(graph: &Graph, report: &mut Report) {
    let labels: &[U32] = graph.section_rows(kind::LABELS);
    if !sorted_names(graph, labels.iter().map(|l| l.get())) {
        report.fault("the labels are not sorted".to_owned());
    }
    let keys: &[U32] = graph.section_rows(kind::KEYS);
    if !sorted_names(graph, keys.iter().map(|k| k.get())) {
        report.fault("the keys are not sorted".to_owned());
    }
    let (plain, structural): (Vec<_>, Vec<_>) = graph.relations().partition(|r| !graph.is_structural(*r));
    let name = |r: &RelId| graph.relation_rows()[r.index()].name.get();
    if !sorted_names(graph, plain.iter().map(name)) || !sorted_names(graph, structural.iter().map(name)) {
        report.fault("the relations are not sorted".to_owned());
    }
    if structural.iter().any(|r| graph.relation_rows()[r.index()].flags.get() & layout::STRUCTURAL == 0) {
        report.fault("a relation that is not structural stands after those that are".to_owned());
    }
    let members: &[U32] = graph.section_rows(kind::LABEL_SET_MEMBERS);
    if !rise32(graph.section_rows(kind::LABEL_SET_OFFSETS), members.len()) {
        report.fault("the offsets of sets of labels are wrong".to_owned());
    }
    if members.iter().any(|l| l.get() as usize >= labels.len()) {
        report.fault("a set of labels has a label that is not there".to_owned());
    }
    let sets: &[U32] = graph.section_rows(kind::NODE_LABEL_SET);
    if sets.iter().any(|s| s.get() as usize >= graph.label_set_count()) {
        report.fault("a node has a set of labels that is not there".to_owned());
    }
    let nodes: &[U32] = graph.section_rows(kind::LABEL_NODES);
    if !rise32(graph.section_rows(kind::LABEL_NODE_OFFSETS), nodes.len()) {
        report.fault("the offsets of the nodes of labels are wrong".to_owned());
    }
    for label in graph.labels() {
        let listed = graph.label_slice(label);
        let rising = listed.windows(2).all(|w| w[0].get() < w[1].get());
        let bear = listed.iter().all(|n| graph.has_label(NodeId(n.get()), label));
        if !rising || !bear {
            report.fault(format!("the nodes of label `{}` are wrong", graph.label_name(label)));
        }
    }
    let borne: usize = graph.nodes().map(|n| graph.node_labels(n).count()).sum();
    if borne != nodes.len() {
        report.fault("the nodes of labels are not all there".to_owned());
    }
}

fn adjacency(graph: &Graph, report: &mut Report) {
    let (nodes, relations) = (graph.node_count() as u32, graph.relations().len());
    let sources: &[U32] = graph.section_rows(kind::EDGE_SOURCE);
    let neighbours: &[U32] = graph.section_rows(kind::ADJACENCY_NEIGHBOURS);
    if sources.iter().chain(neighbours).any(|n| n.get() >= nodes) {
        report.fault("an edge has an end that is not there".to_owned());
    }
    let of_edges: &[U16] = graph.section_rows(kind::EDGE_RELATION);
    if of_edges.iter().any(|r| usize::from(r.get()) >= relations) {
        report.fault("an edge has a relation that is not there".to_owned());
        return;
    }
    let mut counts = vec![0usize; relations];
    let mut last = None;
    for edge in graph.edges() {
        let key = graph.edge(edge);
        counts[key.1.index()] += 1;
        if last.is_some_and(|last| last > key) {
            report.fault(format!("edge {} is out of order", edge.0));
        }
        last = Some(key);
    }
    for relation in graph.relations() {
        if counts[relation.index()] != graph.relation_count(relation) {
            report.fault(format!("relation `{}` is counted wrong", graph.relation_name(relation)));
        }
    }
    let loops = graph.edges().filter(|&e| graph.source(e) == graph.target(e)).count();
    if loops != graph.header().self_loops.get() as usize {
        report.fault("the self-loops are counted wrong".to_owned());
    }

    let topology = graph.topology();
    let rows = topology.nodes;
    let ends = rows.last().map(|r| (r.out.get() as usize, r.edge.get() as usize, r.segment.get() as usize));
    let first = rows.first().map(|r| (r.out.get(), r.edge.get(), r.segment.get()));
    let segments = topology.segments;
    let closed = segments.last().is_some_and(|s| s.start.get() as usize == topology.neighbours.len());
    let expected = (topology.neighbours.len(), graph.edge_count(), segments.len().saturating_sub(1));
    if first != Some((0, 0, 0)) || ends != Some(expected) || !closed {
        report.fault("the adjacency does not begin or end where it should".to_owned());
        return;
    }
    // Each edge is seen once from either end, under its relation, in order: with the counts above that is all.
    for node in graph.nodes() {
        let (row, next) = (&rows[node.index()], &rows[node.index() + 1]);
        let rising = row.out <= row.into
            && row.into <= next.out
            && row.segment <= next.segment
            && next.edge.get().checked_sub(row.edge.get()) == Some(row.into.get() - row.out.get());
        let Some(own) = segments.get(row.segment.get() as usize..next.segment.get() as usize).filter(|_| rising) else {
            report.fault(format!("the adjacency of node {} is out of order", node.0));
            return;
        };
        let mut at = row.out.get();
        let mut last = None;
        for (place, segment) in own.iter().enumerate() {
            let (key, start) = (u32::from(segment.key.get()), segment.start.get());
            let end = segments[row.segment.get() as usize + place + 1].start.get();
            let incoming = key & INCOMING != 0;
            let bounds = if incoming { (row.into, next.out) } else { (row.out, row.into) };
            let inside = bounds.0.get() <= start && end <= bounds.1.get();
            if start != at || start >= end || !inside || last.is_some_and(|last| last >= key) {
                report.fault(format!("the adjacency of node {} has a wrong segment", node.0));
                return;
            }
            let direction = if incoming { Direction::In } else { Direction::Out };
            let pairs: Vec<(u32, u32)> =
                topology.neighbours(node, Some(RelId(key & !INCOMING)), direction).map(|(n, e)| (n.0, e.0)).collect();
            let fits = |&(n, e): &(u32, u32)| {
                let (from, relation, to) = graph.edge(super::EdgeId(e));
                let expected = if incoming { (to.0, from.0) } else { (from.0, to.0) };
                (e as usize) < graph.edge_count() && relation.0 == key & !INCOMING && expected == (node.0, n)
            };
            if pairs.len() as u32 != end - start
                || !pairs.is_sorted()
                || pairs.windows(2).any(|w| w[0] == w[1])
                || !pairs.iter().all(fits)
            {
                report.fault(format!("the adjacency of node {} has a wrong neighbour", node.0));
            }
            at = end;
            last = Some(key);
        }
        if at != next.out.get() {
            report.fault(format!("the adjacency of node {} has neighbours outside its segments", node.0));
        }
    }
    statistics(graph, report);
}

fn statistics(graph: &Graph, report: &mut Report) {
    let mut ends: Vec<(NodeId, u32)> = Vec::with_capacity(graph.edge_count() * 2);
    for edge in graph.edges() {
        let (from, relation, to) = graph.edge(edge);
        ends.extend([(from, relation.0), (to, relation.0 | INCOMING)]);
    }
    ends.sort_unstable();
    let mut counts = std::collections::BTreeMap::new();
    for run in ends.chunk_by(|a, b| a == b) {
        let (node, key) = run[0];
        for label in graph.node_labels(node) {
            if counts.len() > MOST_STATISTICS {
                break;
            }
            let entry = counts.entry((label.0, key)).or_insert((0u32, 0u32));
            entry.0 += run.len() as u32;
            entry.1 += 1;
        }
    }
    if counts.len() > MOST_STATISTICS {
        counts.clear();
    }
    let rows: &[StatisticRow] = graph.section_rows(kind::STATISTICS);
    let stored = rows.iter().map(|r| ((r.label.get(), r.key.get()), (r.edges.get(), r.nodes.get())));
    if !stored.eq(counts) {
        report.fault("the statistics are wrong".to_owned());
    }
}

fn columns(graph: &Graph, report: &mut Report) {
    for key in graph.keys() {
        for column in [graph.node_column(key), graph.edge_column(key)] {
            if let Some(what) = column.and_then(|c| c.fault()) {
                report.fault(format!("the column of `{}` is wrong: {what}", graph.key_name(key)));
            }
        }
    }
}

fn names(graph: &Graph, report: &mut Report) {
    let strings = graph.strings();
    let rows: &[NameRow] = graph.section_rows(kind::NAMES);
    let bad = |r: &NameRow| {
        r.folded.get() as usize >= strings.len()
            || r.exact.get() as usize >= strings.len()
            || (r.node.get() & !ALIAS) as usize >= graph.node_count()
    };
    if rows.iter().any(bad) {
        report.fault("a name belongs to no node".to_owned());
        return;
    }
    let key = |r: &NameRow| (strings.raw(r.folded.get()), r.node.get() & !ALIAS);
    if rows.windows(2).any(|w| key(&w[0]) > key(&w[1])) {
        report.fault("the names are not sorted".to_owned());
    }
    if rows.iter().any(|r| crate::model::fold(strings.get(r.exact.get())) != strings.get(r.folded.get())) {
        report.fault("a name is folded wrong".to_owned());
    }
    let exact: &[U32] = graph.section_rows(kind::NAMES_EXACT);
    let text = |r: &U32| rows.get(r.get() as usize).map(|row| (strings.raw(row.exact.get()), row.node.get() & !ALIAS));
    if exact.len() != rows.len() || exact.iter().any(|r| text(r).is_none()) {
        report.fault("the names as written are not all there".to_owned());
    } else if exact.windows(2).any(|w| text(&w[0]) > text(&w[1])) {
        report.fault("the names as written are not sorted".to_owned());
    }
    let words: &[WordRow] = graph.section_rows(kind::NAME_WORDS);
    let rest = |w: &WordRow| {
        let folded = strings.get(rows.get(w.name.get() as usize)?.folded.get());
        folded.get(usize::from(w.at.get())..)
    };
    if words.iter().any(|w| rest(w).is_none()) || words.windows(2).any(|w| rest(&w[0]) > rest(&w[1])) {
        report.fault("the words of names are wrong".to_owned());
    }
}

fn archive(graph: &Graph, report: &mut Report) {
    let documents = match graph.documents() {
        Ok(documents) => documents,
        Err(error) => return report.fault(error.to_string()),
    };
    report.documents = documents.len();
    for (offsets, bytes, count) in [
        (kind::TEXT_OFFSETS, kind::TEXTS, documents.len()),
        (kind::READING_OFFSETS, kind::READINGS, documents.len()),
        (kind::EVIDENCE_OFFSETS, kind::EVIDENCE, graph.edge_count()),
    ] {
        let rows: &[U64] = graph.section_rows(offsets);
        let there = !graph.section(offsets).is_empty();
        if there && (rows.len() != count + 1 || !rise(rows.iter().map(|o| o.get()), graph.section(bytes).len())) {
            report.fault(format!("the offsets of section {bytes} are wrong"));
        }
    }
    let ids: &[U32] = graph.section_rows(kind::NODE_IDS);
    let strings = graph.strings().len();
    if graph.has_own_ids() && (ids.len() != graph.node_count() || ids.iter().any(|s| s.get() as usize >= strings)) {
        report.fault("the identifiers of nodes are wrong".to_owned());
    }
    let mut faults = Vec::new();
    for document in 0..documents.len() as u32 {
        faults.extend(graph.document_text(document).err());
        faults.extend(graph.reading(document).err());
    }
    for edge in graph.edges() {
        match graph.evidence(edge) {
            Ok(all) if all.iter().any(|e| e.document as usize >= documents.len()) => {
                report.fault(format!("the evidence of edge {} names a document that is not there", edge.0));
            }
            Ok(_) => {}
            Err(error) => faults.push(error),
        }
    }
    for node in graph.nodes() {
        if graph.members(node).any(|(document, _)| document as usize >= documents.len()) {
            report.fault(format!("node {} is in a document that is not there", node.0));
        }
    }
    for error in faults {
        report.fault(error.to_string());
    }
}
