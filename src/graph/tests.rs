use super::*;

fn small() -> Builder {
    let mut b = Builder::new(SchemaMode::Open);
    let anna = b.add_node(&["Actor", "Person"], vec![("name".into(), "Anna Lind".into())]).unwrap();
    let bo = b
        .add_node(&["Actor", "Person"], vec![("name".into(), "Bo Ek".into()), ("born".into(), Property::Int(1970))])
        .unwrap();
    let town = b.add_node(&["Region"], vec![("name".into(), "Åmål".into())]).unwrap();
    b.add_edge(anna, "KNOWS", bo, vec![("since".into(), Property::Int(2001))]).unwrap();
    b.add_edge(bo, "KNOWS", anna, vec![]).unwrap();
    b.add_edge(bo, "LIVES_IN", town, vec![("since".into(), "2001".into())]).unwrap();
    b.add_edge(town, "KNOWS", town, vec![]).unwrap();
    b.add_edge(anna, "KNOWS", bo, vec![]).unwrap();
    b
}

#[test]
fn neighbours_come_by_relation_and_direction() {
    let g = small().freeze().unwrap();
    let (anna, bo, town) = (NodeId(0), NodeId(1), NodeId(2));
    let knows = g.relation_id("KNOWS");
    let of = |n, r, d| g.neighbours(n, r, d).map(|(n, _)| n.0).collect::<Vec<_>>();
    assert_eq!(of(anna, knows, Direction::Out), [1, 1]);
    assert_eq!(of(anna, knows, Direction::In), [1]);
    assert_eq!(of(bo, None, Direction::Both), [0, 2, 0, 0]);
    assert_eq!(of(town, None, Direction::Both), [2, 1]);
    assert_eq!(of(town, None, Direction::In), [2, 1]);
    assert_eq!(g.degree(town, None, Direction::Both), 2);
    assert_eq!(g.edges_between(anna, knows, bo, Direction::Both).count(), 3);
    assert_eq!(g.edges_between(anna, None, bo, Direction::Out).count(), 2);
    for e in g.edges() {
        let (a, r, b) = g.edge(e);
        assert!(g.neighbours(a, Some(r), Direction::Out).any(|x| x == (b, e)));
        assert!(g.neighbours(b, Some(r), Direction::In).any(|x| x == (a, e)));
    }
}

#[test]
fn properties_and_labels_are_read_back() {
    let g = small().freeze().unwrap();
    assert_eq!(g.node_name(NodeId(2)), "Åmål");
    let since = g.key_id("since").unwrap();
    let knows = g.relation_id("KNOWS").unwrap();
    let values: Vec<_> = g.edges().map(|e| g.edge_property(e, since).to_owned()).collect();
    assert!(values.contains(&Property::Int(2001)) && values.contains(&Property::from("2001")));
    assert_eq!(g.relation_count(knows), 4);
    let person = g.label_id("Person").unwrap();
    assert_eq!(g.nodes_with_label(person).collect::<Vec<_>>(), [NodeId(0), NodeId(1)]);
    assert_eq!(g.label_relation_count(person, knows, Direction::Out), (3, 2));
    assert!(g.label_id("Company").is_none());
    assert_eq!(g.node_properties(NodeId(1)).map(|(k, _)| g.key_name(k)).collect::<Vec<_>>(), ["born", "name"]);
}

#[test]
fn what_is_removed_leaves_no_trace() {
    let mut b = small();
    let extra = b.add_node(&["Ghost"], vec![("boo".into(), true.into())]).unwrap();
    let e = b.add_edge(extra, "HAUNTS", NodeId(0), vec![("late".into(), 1.5.into())]).unwrap();
    assert!(b.remove_node(extra, false).is_err());
    b.remove_node(extra, true).unwrap();
    assert!(!b.has_edge(e));
    assert_eq!(b.freeze().unwrap().as_bytes(), small().freeze().unwrap().as_bytes());
}

#[test]
fn a_graph_survives_being_thawed() {
    let g = small().freeze().unwrap();
    assert_eq!(g.thaw().unwrap().freeze().unwrap().as_bytes(), g.as_bytes());
    assert_eq!(check(&g).faults, Vec::<String>::new());
}

#[test]
fn an_empty_graph_is_a_graph() {
    for schema in [SchemaMode::Open, SchemaMode::Closed] {
        let g = Builder::new(schema).freeze().unwrap();
        assert_eq!((g.node_count(), g.edge_count(), g.schema()), (0, 0, schema));
        assert!(check(&g).is_sound());
        assert_eq!(g.neighbours(NodeId(0), None, Direction::Both).count(), 0);
        assert_eq!(g.names().folded_prefix("").count(), 0);
        assert_eq!(g.names().containing(""), []);
        assert!(g.documents().unwrap().is_empty());
    }
    assert!(Builder::new(SchemaMode::Closed).freeze().unwrap().label_id("Company").is_some());
    assert!(Builder::new(SchemaMode::Closed).add_node(&["Ship"], vec![]).is_err());
}

#[test]
fn a_builder_changes_its_mind() {
    let mut b = Builder::new(SchemaMode::Open);
    let nodes: Vec<_> = (0..10).map(|_| b.add_node(&["A"], vec![("x".into(), Property::Int(1))]).unwrap()).collect();
    b.set_node_property(nodes[3], "x", "now text".into()).unwrap();
    b.set_node_property(nodes[4], "x", Property::Null).unwrap();
    b.set_node_property(nodes[9], "y", Property::Float(0.5)).unwrap();
    b.set_node_property(nodes[2], "y", Property::List(vec!["a".into(), "ö".into()])).unwrap();
    b.add_label(nodes[1], "B").unwrap();
    b.remove_label(nodes[1], "A").unwrap();
    let e = b.add_edge(nodes[0], "R", nodes[1], vec![]).unwrap();
    b.remove_edge(e).unwrap();
    b.remove_node(nodes[0], false).unwrap();
    assert_eq!(b.node_property(nodes[3], "x"), PropertyRef::String("now text"));
    let (g, renumbered) = b.freeze_renumbered().unwrap();
    let x = g.key_id("x").unwrap();
    let of = |n: NodeId| g.node_property(renumbered.node(n).unwrap(), x).to_owned();
    assert_eq!(of(nodes[3]), Property::from("now text"));
    assert_eq!(of(nodes[4]), Property::Null);
    assert_eq!(of(nodes[5]), Property::Int(1));
    assert_eq!(renumbered.node(nodes[0]), None);
    let labels: Vec<_> = g.node_labels(renumbered.node(nodes[1]).unwrap()).map(|l| g.label_name(l)).collect();
    assert_eq!(labels, ["B"]);
    assert_eq!(g.relations().len(), 0);
    let y = g.node_column(g.key_id("y").unwrap()).unwrap();
    assert_eq!(y.iter().count(), 2);
}

#[test]
fn names_are_found_in_every_way() {
    let mut b = Builder::new(SchemaMode::Open);
    let mut node = |name: &str, aliases: &[&str]| {
        let aliases = Property::List(aliases.iter().map(|a| Property::from(*a)).collect());
        b.add_node(&["A"], vec![("name".into(), name.into()), ("aliases".into(), aliases)]).unwrap()
    };
    let goteborg = node("Göteborg", &["Gothenburg", "Gbg"]);
    let university = node("Göteborgs universitet", &["University of Gothenburg"]);
    let gote = node("Göte Åberg", &[]);
    let twin = node("Göteborg", &[]);
    let g = b.freeze().unwrap();
    let names = g.names();
    assert_eq!(names.exact("Göteborg").map(|h| h.node).collect::<Vec<_>>(), [goteborg, twin]);
    assert_eq!(names.exact("göteborg").count(), 0);
    assert_eq!(names.folded("goteborg").map(|h| h.node).collect::<Vec<_>>(), [goteborg, twin]);
    let hits: Vec<_> = names.folded("gothenburg").collect();
    assert_eq!((hits[0].node, hits[0].alias, hits[0].name), (goteborg, true, "Gothenburg"));
    let prefixed: Vec<_> = names.folded_prefix("gote").map(|h| h.name).collect();
    assert_eq!(prefixed, ["Göte Åberg", "Göteborg", "Göteborg", "Göteborgs universitet"]);
    assert_eq!(names.exact_prefix("Göteborgs").map(|h| h.node).collect::<Vec<_>>(), [university]);
    assert_eq!(names.word("gothenburg").map(|h| h.node).collect::<Vec<_>>(), [goteborg, university]);
    assert_eq!(names.word("gothenbur").count(), 0);
    assert_eq!(names.word("university of").count(), 1);
    assert_eq!(names.word_prefix("univ").map(|h| h.node).collect::<Vec<_>>(), [university, university]);
    assert_eq!(names.containing("borg"), [goteborg, university, twin]);
    assert_eq!(names.containing("berg"), [gote]);
    assert_eq!(names.containing("gGöte"), []);
    assert_eq!(names.containing("").len(), 4);
    assert_eq!(g.string_id("Gbg").map(|s| g.string(s)), Some("Gbg"));
    assert_eq!(g.string_id("Gb"), None);
    assert!(check(&g).is_sound());
}

#[test]
fn structural_relations_are_followed_only_by_name() {
    let mut b = Builder::new(SchemaMode::Open);
    b.declare_structural("HOLDS").unwrap();
    let [a, c, d] = [(); 3].map(|()| b.add_node(&[], vec![]).unwrap());
    b.add_edge(a, "HOLDS", c, vec![]).unwrap();
    b.add_edge(d, "HOLDS", a, vec![]).unwrap();
    b.add_edge(a, "ZEBRA", d, vec![]).unwrap();
    b.add_edge(c, "ZEBRA", a, vec![]).unwrap();
    let g = b.freeze().unwrap();
    let holds = g.relation_id("HOLDS").unwrap();
    assert!(g.is_structural(holds) && !g.is_structural(g.relation_id("ZEBRA").unwrap()));
    let of = |n, r, d| g.neighbours(n, r, d).map(|(n, _)| n).collect::<Vec<_>>();
    assert_eq!(of(a, None, Direction::Both), [d, c]);
    assert_eq!(of(a, None, Direction::Out), [d]);
    assert_eq!(of(c, None, Direction::In), []);
    assert_eq!(of(a, Some(holds), Direction::Both), [c, d]);
    assert_eq!(of(d, Some(holds), Direction::Out), [a]);
    assert_eq!(petgraph::visit::EdgeCount::edge_count(&g.directed()), 2);
    assert!(check(&g).is_sound());
}

#[test]
fn a_graph_is_shared_between_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    shared::<Graph>();
    let g = small().freeze().unwrap();
    let counts: Vec<usize> = std::thread::scope(|scope| {
        let spawned: Vec<_> = (0..3).map(|_| scope.spawn(|| g.names().iter().count())).collect();
        spawned.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert_eq!(counts, [3, 3, 3]);
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("g.samband"), folder.path().join("link.samband"));
    let g = small().freeze().unwrap();
    g.write(&path).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    Builder::new(SchemaMode::Open).freeze().unwrap().write(&link).unwrap();
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(Graph::open(&path).unwrap().node_count(), 0);
    let error = g.write(&folder.path().join("no/such/folder.samband")).unwrap_err().to_string();
    assert!(error.contains("untouched"), "{error}");
    assert!(g.write(folder.path()).is_err());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn a_file_is_what_is_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("å.samband");
    let g = small().freeze().unwrap();
    g.write(&path).unwrap();
    g.write(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let opened = Graph::open(&path).unwrap();
    assert_eq!(opened.as_bytes(), g.as_bytes());
    // A large file is mapped, and goes on showing the old graph when a new one is written over it.
    let mut b = Builder::new(SchemaMode::Open);
    let long = "x".repeat(1 << 21);
    b.add_node(&["Long"], vec![("text".into(), long.as_str().into())]).unwrap();
    b.freeze().unwrap().write(&path).unwrap();
    let large = Graph::open(&path).unwrap();
    g.write(&path).unwrap();
    assert_eq!(large.node_property(NodeId(0), large.key_id("text").unwrap()), PropertyRef::String(&long));
    let missing = Graph::open(&folder.path().join("none")).unwrap_err().to_string();
    assert!(missing.contains("none"), "{missing}");
    std::fs::write(&path, "hello").unwrap();
    assert!(Graph::open(&path).unwrap_err().to_string().contains("is not a graph file; build one with"));
}

mod corpus;
mod damage;
mod random;
