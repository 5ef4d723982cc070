//! What holds in a graph of documents only: symmetric relations, denied facts, mentions.

use crate::graph::{Builder, Graph, Property, SchemaMode};
use crate::query::answer::{Options, Params};
use crate::query::error::Detail;
use crate::query::value::Value;

fn graph() -> Graph {
    let mut b = Builder::new(SchemaMode::Closed);
    let mut node = |labels: &[&str], name: &str| b.add_node(labels, vec![("name".into(), name.into())]).unwrap();
    let body = ["Actor", "Organisation", "PublicBody"];
    let sund = node(&body, "Sundvikens kommun");
    let norr = node(&body, "Norrlunds kommun");
    let firm = node(&["Actor", "Organisation", "Company"], "Solvik AB");
    let town = node(&["Region", "City"], "Sundviken");
    let page = node(&["Document"], "protokoll.txt");
    let mut edge = |a, relation: &str, b2, modality: &str| {
        let properties: Vec<(String, Property)> = vec![("modality".into(), modality.into())];
        b.add_edge(a, relation, b2, properties).unwrap();
    };
    edge(sund, "PARTNERS_WITH", norr, "asserted");
    edge(firm, "PARTNERS_WITH", norr, "negated");
    edge(firm, "LOCATED_IN", town, "asserted");
    edge(sund, "OWNS", firm, "negated");
    for n in [sund, norr, firm] {
        b.add_edge(page, "MENTIONS", n, vec![]).unwrap();
    }
    b.freeze().unwrap()
}

fn names(query: &str) -> Vec<String> {
    let answer = crate::query::run(&graph(), query, &Params::new(), &Options::default())
        .unwrap_or_else(|e| panic!("{}", e.render(query)));
    let text = |v: &Value| match v {
        Value::String(s) => s.to_string(),
        other => other.to_string(),
    };
    let mut names: Vec<String> = answer.rows.iter().map(|r| r.iter().map(text).collect::<Vec<_>>().join(" ")).collect();
    names.sort();
    names
}

#[test]
fn a_symmetric_relation_matches_either_way_round() {
    let both = ["Norrlunds kommun Sundvikens kommun", "Sundvikens kommun Norrlunds kommun"];
    for arrow in ["-[:PARTNERS_WITH]->", "<-[:PARTNERS_WITH]-", "-[:PARTNERS_WITH]-", "-[:PARTNERS_WITH*1..1]->"] {
        let query = format!("MATCH (a:PublicBody){arrow}(b:PublicBody) RETURN a.name, b.name");
        assert_eq!(names(&query), both, "{query}");
    }
    assert_eq!(names("MATCH (a:PublicBody)-->(b:PublicBody) RETURN a.name, b.name"), both);
    // A relation with a direction keeps it.
    assert_eq!(names("MATCH (a:Company)-[:LOCATED_IN]->(b) RETURN b.name"), ["Sundviken"]);
    assert!(names("MATCH (a:Company)<-[:LOCATED_IN]-(b) RETURN b.name").is_empty());
    // With both ends bound, and from the other end.
    let bound = "MATCH (a {name: 'Norrlunds kommun'}), (b {name: 'Sundvikens kommun'}) MATCH (a)-[r:PARTNERS_WITH]->(b) RETURN type(r)";
    assert_eq!(names(bound), ["PARTNERS_WITH"]);
}

#[test]
fn a_denied_fact_is_found_only_where_modality_is_asked_for() {
    assert!(names("MATCH (a:Company)-[:PARTNERS_WITH]-(b) RETURN b.name").is_empty());
    assert!(names("MATCH (a)-[:OWNS]->(b) RETURN b.name").is_empty());
    assert_eq!(names("MATCH (a)-[r:OWNS]->(b) WHERE r.modality = 'negated' RETURN b.name"), ["Solvik AB"]);
    assert_eq!(names("MATCH (a)-[:OWNS {modality: 'negated'}]->(b) RETURN b.name"), ["Solvik AB"]);
    assert_eq!(names("MATCH (a)-[r:OWNS WHERE r.modality IS NOT NULL]->(b) RETURN b.name"), ["Solvik AB"]);
    let list =
        "MATCH (a:PublicBody)-[rs:OWNS*1..2]->(b) WHERE all(x IN rs WHERE x.modality <> 'planned') RETURN b.name";
    assert_eq!(names(list), ["Solvik AB"]);
    // Asking it of one relationship says nothing of another.
    assert!(
        names("MATCH (a)-[r:LOCATED_IN]-(b), (a)<-[:OWNS]-(c) WHERE r.modality = 'asserted' RETURN c.name").is_empty()
    );
}

#[test]
fn mentions_are_followed_only_where_they_are_meant() {
    assert!(names("MATCH p = (a:Company)-[*1..2]-(b:PublicBody) RETURN b.name").is_empty());
    assert_eq!(names("MATCH (d:Document)-->(n:Company) RETURN d.name, n.name"), ["protokoll.txt Solvik AB"]);
    assert_eq!(names("MATCH (d)-[:MENTIONS]->(n:Company) RETURN d.name"), ["protokoll.txt"]);
    assert!(names("MATCH (d)-[:!OWNS]->(n:Company) RETURN d.name").is_empty());
}

#[test]
fn a_graph_of_documents_is_read_only_and_knows_its_words() {
    let run = |q: &str| crate::query::run(&graph(), q, &Params::new(), &Options::default()).unwrap_err();
    assert_eq!(run("CREATE (:Company)").detail, Detail::ReadOnlyGraph);
    assert_eq!(run("MATCH (a:Compny) RETURN a").detail, Detail::UnknownLabel);
    assert_eq!(run("MATCH ()-[:OWN]->() RETURN 1").detail, Detail::UnknownRelation);
    assert_eq!(run("MATCH (a) RETURN a.nmae").detail, Detail::UnknownProperty);
}
