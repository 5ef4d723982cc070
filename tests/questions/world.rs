//! The graph of `world.tsv`, built through resolution as documents are.

use std::sync::LazyLock;

use samband::graph::{Corpus, Graph};
use samband::model::{
    DocumentMeta, Lang, LocalEntity, LocalId, Mention, Modality, Observation, Reading, Recognised, Relation, Span, Type,
};
use samband::resolve::{Decisions, resolve};

static WORLD: LazyLock<Graph> = LazyLock::new(build);

/// The graph; built once for all tests.
pub(super) fn world() -> &'static Graph {
    &WORLD
}

struct Entry {
    ty: Type,
    name: String,
    aliases: Vec<String>,
}

fn build() -> Graph {
    let text = super::read("world.tsv");
    let mut documents: Vec<DocumentMeta> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    // Document, ends and the observation that a line gives.
    let mut said: Vec<(usize, usize, usize, Observation)> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty()) {
        let at = format!("world.tsv, line {}", number + 1);
        let fields: Vec<&str> = line.split('\t').collect();
        match fields[0] {
            "document" => documents.push(DocumentMeta {
                name: fields[1].into(),
                hash: documents.len() as u64 + 1,
                language: Lang::from_word(fields[2]).expect(&at),
                title: None,
                date: fields[3].parse().ok(),
            }),
            "entity" => entries.push(Entry {
                ty: Type::from_word(fields[1]).expect(&at),
                name: fields[2].into(),
                aliases: fields.get(3).map_or(Vec::new(), |a| a.split('|').map(|a| a.trim().to_owned()).collect()),
            }),
            "fact" => {
                let end =
                    |name: &str| entries.iter().position(|e| e.name == name).unwrap_or_else(|| panic!("{at}: {name}"));
                let (from, to) = (end(fields[1]), end(fields[3]));
                let mut seen = Observation {
                    from: LocalId(0),
                    relation: Relation::from_word(fields[2]).expect(&at),
                    to: LocalId(0),
                    span: Span { start: 0, end: 1 },
                    sentence: format!("{} … {}.", fields[1], fields[3]),
                    rule: "test/world".into(),
                    modality: Modality::from_word(fields[4]).expect(&at),
                    since: None,
                    until: None,
                    date: None,
                    role: None,
                };
                let mut of = vec![said.len() % documents.len()];
                for pair in fields.get(5).map_or("", |f| *f).split(';').map(str::trim).filter(|p| !p.is_empty()) {
                    let (key, value) = pair.split_once('=').expect(&at);
                    match key {
                        "since" => seen.since = value.parse().ok(),
                        "until" => seen.until = value.parse().ok(),
                        "date" => seen.date = value.parse().ok(),
                        "role" => seen.role = Some(value.into()),
                        "also" => {
                            of[0] = 0;
                            of.extend(documents.iter().position(|d| d.name == value));
                        }
                        _ => panic!("{at}: {key}"),
                    }
                }
                said.extend(of.into_iter().map(|d| (d, from, to, seen.clone())));
            }
            other => panic!("{at}: {other}"),
        }
    }
    let readings: Vec<Reading> = documents
        .into_iter()
        .enumerate()
        .map(|(d, document)| {
            // The first document names all; the others what they say something of.
            let named: Vec<usize> = (0..entries.len())
                .filter(|&e| d == 0 || said.iter().any(|s| s.0 == d && (s.1 == e || s.2 == e)))
                .collect();
            let local = |e: usize| LocalId(named.iter().position(|&n| n == e).unwrap() as u32);
            Reading {
                entities: named
                    .iter()
                    .map(|&e| LocalEntity {
                        ty: entries[e].ty,
                        name: entries[e].name.clone(),
                        aliases: entries[e].aliases.clone(),
                        language: document.language,
                        generic: false,
                    })
                    .collect(),
                mentions: named
                    .iter()
                    .map(|&e| Mention {
                        entity: local(e),
                        span: Span { start: e as u32, end: e as u32 + 1 },
                        form: entries[e].name.clone(),
                        by: Recognised::Shape,
                    })
                    .collect(),
                observations: said
                    .iter()
                    .filter(|s| s.0 == d)
                    .map(|s| Observation { from: local(s.1), to: local(s.2), ..s.3.clone() })
                    .collect(),
                near_misses: vec![],
                document,
            }
        })
        .collect();
    let resolved = resolve(&readings, &Decisions::default());
    Graph::from_corpus(&Corpus { readings, texts: None, resolved, decisions: String::new(), rules_version: 1 }).unwrap()
}

/// Nothing of the file was merged or dropped on the way.
#[test]
fn the_graph_is_what_its_file_says() {
    let text = super::read("world.tsv");
    let lines = |kind: &str| text.lines().filter(|l| l.starts_with(&format!("{kind}\t"))).count();
    let graph = world();
    assert_eq!(graph.node_count(), lines("entity") + lines("document"));
    for line in text.lines().filter(|l| l.starts_with("entity\t")) {
        let name = line.split('\t').nth(2).unwrap();
        assert_eq!(graph.names().exact(name).filter(|h| !h.alias).count(), 1, "{name}");
    }
}
