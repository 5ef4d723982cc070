//! Graphs of documents.

use super::super::*;
use crate::model::*;

/// Two documents about invented people and bodies.
pub(super) fn corpus() -> Corpus {
    let document = |name: &str, date: &str| DocumentMeta {
        name: name.into(),
        hash: 77,
        language: Lang::Sv,
        title: Some("Ett besök".into()),
        date: date.parse().ok(),
    };
    let entity =
        |ty, name: &str| LocalEntity { ty, name: name.into(), aliases: vec![], language: Lang::Sv, generic: false };
    let observation = |from, relation, to, sentence: &str| Observation {
        from: LocalId(from),
        relation,
        to: LocalId(to),
        span: Span { start: 0, end: sentence.len() as u32 },
        sentence: sentence.into(),
        rule: "sv/works.leader".into(),
        modality: Modality::Asserted,
        since: None,
        until: None,
        date: None,
        role: Some("vd".into()),
    };
    let said = "Anna Öst är vd för Luleå Älvbruk AB.";
    let reading = |name: &str, date: &str| Reading {
        document: document(name, date),
        entities: vec![entity(Type::Person, "Anna Öst"), entity(Type::Company, "Luleå Älvbruk AB")],
        mentions: vec![
            Mention {
                entity: LocalId(0),
                span: Span { start: 0, end: 9 },
                form: "Anna Öst".into(),
                by: Recognised::Shape,
            },
            Mention {
                entity: LocalId(1),
                span: Span { start: 21, end: 38 },
                form: "Luleå Älvbruk AB".into(),
                by: Recognised::Rule("sv/company".into()),
            },
        ],
        observations: vec![observation(0, Relation::WorksFor, 1, said)],
        near_misses: vec![],
    };
    let evidence = |document| Evidence {
        document,
        span: Span { start: 0, end: said.len() as u32 },
        sentence: said.into(),
        rule: "sv/works.leader".into(),
        modality: Modality::Asserted,
        since: None,
        until: None,
        date: "2018-05".parse().ok(),
        role: Some("vd".into()),
    };
    let cluster = |id, ty, name: &str, aliases: &[&str], local| Entity {
        id,
        ty,
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).into()).collect(),
        members: vec![(0, LocalId(local)), (1, LocalId(local))],
    };
    let fact = |from, relation, to, evidence: Vec<Evidence>| Fact {
        from,
        relation,
        to,
        modality: Modality::Planned,
        since: "2014".parse().ok(),
        until: None,
        date: None,
        role: None,
        basis: if evidence.is_empty() { Basis::Derived } else { Basis::Observed },
        derived_from: evidence.is_empty().then(|| "namnet Luleå Älvbruk AB".into()),
        evidence,
    };
    Corpus {
        readings: vec![reading("a.txt", "2018-06"), reading("möte/b.txt", "2019")],
        texts: Some(vec![said.into(), format!("{said} {}", "Mer text. ".repeat(40))]),
        resolved: Resolved {
            entities: vec![
                cluster(0xab, Type::Person, "Anna Öst", &[], 0),
                cluster(0xcd, Type::Company, "Luleå Älvbruk AB", &["Älvbruket"], 1),
                Entity { id: 0xef, ty: Type::City, name: "Luleå".into(), aliases: vec![], members: vec![] },
            ],
            facts: vec![
                fact(0, Relation::WorksFor, 1, vec![evidence(0), evidence(1)]),
                fact(1, Relation::LocatedIn, 2, vec![]),
                fact(1, Relation::PartnersWith, 2, vec![evidence(1)]),
            ],
        },
        decisions: "same Anna Öst = A. Öst\n".into(),
        rules_version: 42,
    }
}

pub(super) fn sample() -> Graph {
    Graph::from_corpus(&corpus()).unwrap()
}

#[test]
fn documents_become_a_graph() {
    let g = sample();
    assert_eq!(check(&g).faults, Vec::<String>::new());
    assert_eq!((g.node_count(), g.edge_count(), g.schema()), (5, 7, SchemaMode::Closed));
    let anna = g.names().folded("anna ost").next().unwrap().node;
    let labels: Vec<_> = g.node_labels(NodeId(1)).map(|l| g.label_name(l)).collect();
    assert_eq!(labels, ["Actor", "Organisation", "Company"]);
    let works = g.relation_id("WORKS_FOR").unwrap();
    let (firm, edge) = g.neighbours(anna, Some(works), Direction::Out).next().unwrap();
    assert_eq!(g.node_name(firm), "Luleå Älvbruk AB");
    let of = |key: &str| g.edge_property(edge, g.key_id(key).unwrap()).to_owned();
    assert_eq!(of("modality"), "planned".into());
    assert_eq!(of("since"), "2014".into());
    assert_eq!(of("documents"), Property::Int(2));
    assert_eq!(g.evidence(edge).unwrap(), corpus().resolved.facts[0].evidence);
    let located = g.relation_id("LOCATED_IN").unwrap();
    let (_, derived) = g.neighbours(firm, Some(located), Direction::Out).next().unwrap();
    assert!(g.evidence(derived).unwrap().is_empty());
    assert_eq!(g.derived_from(derived).unwrap().unwrap(), "namnet Luleå Älvbruk AB");
    assert!(g.is_symmetric(g.relation_id("PARTNERS_WITH").unwrap()));

    let mentions = g.relation_id(MENTIONS).unwrap();
    assert!(g.is_structural(mentions));
    assert_eq!(g.degree(anna, None, Direction::Both), 1);
    assert_eq!(g.degree(anna, Some(mentions), Direction::In), 2);
    let documents = g.label_id(DOCUMENT).unwrap();
    assert_eq!(g.nodes_with_label(documents).map(|d| g.node_name(d)).collect::<Vec<_>>(), ["a.txt", "möte/b.txt"]);
    let places: Vec<_> = g.mentions(firm).unwrap().into_iter().map(|(d, m)| (d, m.form)).collect();
    assert_eq!(places, [(0, "Luleå Älvbruk AB".to_owned()), (1, "Luleå Älvbruk AB".to_owned())]);
}

#[test]
fn what_a_build_needs_again_is_kept() {
    let (g, corpus) = (sample(), corpus());
    assert_eq!(g.documents().unwrap().len(), 2);
    for (at, reading) in corpus.readings.iter().enumerate() {
        assert_eq!(g.reading(at as u32).unwrap().as_ref(), Some(reading));
        assert_eq!(g.document_text(at as u32).unwrap().as_ref(), Some(&corpus.texts.as_ref().unwrap()[at]));
    }
    assert_eq!(g.reading(2).unwrap(), None);
    assert_eq!((g.decisions(), g.rules_version()), (corpus.decisions.as_str(), 42));
    let bare = Graph::from_corpus(&Corpus { texts: None, ..corpus }).unwrap();
    assert!(!bare.has_texts() && bare.document_text(0).unwrap().is_none());
    assert_eq!(g.thaw().unwrap().freeze().unwrap().as_bytes(), g.as_bytes());
}

#[test]
fn a_graph_of_documents_comes_back_from_its_export() {
    let g = sample();
    let export = |g: &Graph| {
        let mut out = Vec::new();
        export_jsonl(g, &mut out).unwrap();
        out
    };
    let once = export(&g);
    let mut importer = Importer::new();
    importer.jsonl(once.as_slice(), "export").unwrap();
    let imported = importer.finish().unwrap().freeze().unwrap();
    assert_eq!(String::from_utf8(export(&imported)).unwrap(), String::from_utf8(once).unwrap());
    assert!(check(&imported).is_sound());
}

#[test]
fn a_fact_about_nobody_is_refused() {
    let mut wrong = corpus();
    wrong.resolved.facts[0].to = 3;
    assert!(Graph::from_corpus(&wrong).is_err());
}
