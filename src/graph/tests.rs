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
