//! Damaged and hostile files end in errors or empty answers.

use proptest::prelude::*;

use super::super::layout::{Entry, Header, MAGIC};
use super::super::*;
use super::corpus::sample;

/// A file small enough to be damaged in every place, with a section of each kind.
fn bytes() -> Vec<u8> {
    sample().as_bytes().to_vec()
}

/// Asks a graph for everything; only a panic is a failure.
fn exercise(g: &Graph) {
    check(g);
    let mut sink = std::io::sink();
    export_jsonl(g, &mut sink).ok();
    export_csv(g, &mut sink, &mut std::io::sink()).ok();
    let topology = g.topology();
    for n in g.nodes() {
        for (direction, relation) in
            [(Direction::Both, None), (Direction::Out, Some(RelId(0))), (Direction::In, Some(RelId(3)))]
        {
            assert!(topology.neighbours(n, relation, direction).all(|(m, _)| m.index() < g.node_count()));
            topology.degree(n, relation, direction);
            topology.between(n, relation, NodeId(1), direction).count();
        }
        g.mentions(n).ok();
        g.node_own_id(n);
    }
    for name in ["", "lule", "a", "Luleå", "anna"] {
        let names = g.names();
        names.exact(name).count();
        names.folded(name).count();
        names.folded_prefix(name).count();
        names.word(name).count();
        names.word_prefix(name).count();
        names.containing(name);
        g.string_id(name);
        g.label_id(name);
        g.relation_id(name);
        g.key_id(name);
    }
    for label in g.labels() {
        g.label_relation_count(label, RelId(0), Direction::Both);
    }
    petgraph::algo::connected_components(g.directed());
    petgraph::algo::dijkstra(g.undirected(), NodeId(0), None, |_| 1u32);
    g.thaw().and_then(|b| b.freeze()).ok();
}

/// Makes the checksums of a damaged file right again, so that the damage gets past them.
fn forge(bytes: &mut [u8]) {
    let Ok((header, entries)) = layout::parse_unchecked(bytes) else { return };
    let (mut header, mut entries): (Header, Vec<Entry>) = (header, entries);
    for entry in &mut entries {
        let start = entry.offset.get() as usize;
        let end = start.saturating_add(entry.length.get() as usize);
        if let Some(section) = bytes.get(start..end) {
            entry.crc.set(crc32fast::hash(section));
        }
    }
    layout::seal(&mut header, &entries, bytes);
}

#[test]
fn every_truncation_is_an_error() {
    let whole = bytes();
    for length in 0..whole.len() {
        let error = Graph::from_bytes(whole[..length].to_vec(), "cut.samband").unwrap_err().to_string();
        assert!(error.contains("cut.samband") && error.contains("samband build"), "{error}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert!(Graph::from_bytes(longer, "long").is_err());
}

#[test]
fn every_flipped_byte_is_found() {
    let whole = bytes();
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x41;
        if let Ok(g) = Graph::from_bytes(flipped, "flipped") {
            assert!(check::checksums(&g).is_some(), "byte {at}");
        }
    }
}

#[test]
fn another_version_says_so() {
    let mut other = bytes();
    other[MAGIC.len()] = 9;
    let error = Graph::from_bytes(other, "old.samband").unwrap_err().to_string();
    assert!(error.contains("version 9") && error.contains("rebuild"), "{error}");
}

#[test]
fn each_byte_changed_past_the_checksums_does_no_harm() {
    let whole = bytes();
    for at in (0..whole.len()).step_by(11) {
        for value in [0x00, 0x7f, 0xff] {
            let mut forged = whole.clone();
            forged[at] = value;
            forge(&mut forged);
            if let Ok(g) = Graph::from_bytes(forged, "forged") {
                exercise(&g);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_changed_past_the_checksums_do_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut forged = bytes();
        for (at, value) in changes {
            let at = at.index(forged.len());
            forged[at] = value;
        }
        forge(&mut forged);
        if let Ok(g) = Graph::from_bytes(forged, "forged") {
            exercise(&g);
        }
    }

    #[test]
    fn noise_is_no_graph(mut noise in prop::collection::vec(any::<u8>(), 0..400), magic in any::<bool>()) {
        if magic && noise.len() >= 8 {
            noise[..8].copy_from_slice(&MAGIC);
        }
        prop_assert!(Graph::from_bytes(noise, "noise").is_err());
    }
}
