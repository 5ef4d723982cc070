//! Building, adding, removing, importing, exporting: what a graph holds, and the same bytes whatever the way.

use super::{DOCUMENTS, Room, graph_room};

const FACTS: &str = "MATCH (a)-[r]->(b) WHERE NOT a:Document RETURN a.name, type(r), b.name, r.documents ORDER BY a.name, type(r), b.name";

#[test]
fn built_twice_with_any_threads_and_in_any_order_the_bytes_are_the_same() {
    let room = Room::with_documents();
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "3 documents (3 read)");
    let bytes = room.read("g.samband");
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "3 documents (0 read, 3 unchanged)");
    assert_eq!(room.read("g.samband"), bytes, "re-used readings give the same graph");
    room.run(&["build", "docs", "-o", "again.samband", "--jobs", "1"]).is(0, "", "");
    assert!(room.read("again.samband") == bytes, "one thread");
    room.run(&["build", "docs", "-o", "many.samband", "--jobs", "7", "--quiet"]).is(0, "", "");
    assert!(room.read("many.samband") == bytes, "seven threads");
    let paths: Vec<String> = DOCUMENTS.iter().map(|(name, _)| format!("docs/{name}")).collect();
    let mut texts = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let mut arguments = vec!["build"];
        arguments.extend(order.iter().map(|&i| paths[i].as_str()));
        arguments.extend(["-o", "order.samband"]);
        let _ = std::fs::remove_file(room.path("order.samband"));
        room.run(&arguments).is(0, "", "3 documents");
        texts.push(room.read("order.samband"));
    }
    assert!(texts.windows(2).all(|w| w[0] == w[1]), "the order of the paths");
}

#[test]
fn a_build_holds_exactly_what_is_there() {
    let room = Room::with_documents();
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "");
    let before = room.read("g.samband");
    room.write("docs/ny.txt", "Hultsfreds kommun är partner till Vetlanda kommun.\n");
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "4 documents (1 read, 3 unchanged)");
    room.run(&["query", "g.samband", "who are the partners of Hultsfreds kommun"]).is(0, "Vetlanda kommun", "");
    room.write("docs/ny.txt", "Hultsfreds kommun är partner till Kalmar kommun.\n");
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "4 documents (1 read, 3 unchanged)");
    room.run(&["query", "g.samband", "who are the partners of Hultsfreds kommun"]).is(0, "Kalmar kommun", "");
    std::fs::remove_file(room.path("docs/ny.txt")).unwrap();
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "1 taken out");
    assert!(room.read("g.samband") == before, "as before it came");
    room.write("docs/notes.pdf", "%PDF-1.4");
    room.write("docs/noise.txt", [0_u8, 1, 2, 255].repeat(100));
    let outcome = room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "warning: passed over: 1 .pdf");
    outcome.is(0, "", "warning: left out: ");
}

#[test]
fn added_and_removed_a_document_leaves_the_graph_as_it_was() {
    let room = graph_room();
    let before = room.read("g.samband");
    room.write("ny.md", "Hultsfreds kommun är partner till Vetlanda kommun.\n\nKarl Grenvall är näringslivschef på Hultsfreds kommun.\n");
    room.run(&["add", "g.samband", "ny.md"]).is(0, "", "4 documents (1 read");
    room.run(&["query", "g.samband", "who works for Hultsfreds kommun"]).is(0, "Karl Grenvall", "");
    room.run(&["check", "g.samband"]).is(0, "sound", "");
    room.run(&["remove", "g.samband", "ny.m"]).is(1, "", "did you mean `ny.md`?");
    room.run(&["remove", "g.samband", "ny.md"]).is(0, "", "3 documents");
    assert!(room.read("g.samband") == before, "the same bytes");
    // A fact that two documents say stays with one; what only the removed one said is gone.
    let facts = room.run(&["query", "g.samband", FACTS]).is(0, "Kalmar kommun\tMEMBER_OF\tSmålands Hamnar\t2\n", "");
    assert!(facts.out.contains("Emma Ekdahl\tWORKS_FOR"), "{}", facts.out);
    room.run(&["remove", "g.samband", "samarbete.md", "-q"]).is(0, "", "");
    let facts = room.run(&["query", "g.samband", FACTS]).is(0, "Kalmar kommun\tMEMBER_OF\tSmålands Hamnar\t1\n", "");
    assert!(!facts.out.contains("Emma Ekdahl"), "{}", facts.out);
    room.run(&["query", "g.samband", "what is \"Emma Ekdahl\""]).is(1, "", "no entity");
    assert!(!room.read("g.samband").windows(6).any(|w| w == "Ekdahl".as_bytes()), "not a byte of the name is left");
}

#[test]
fn text_and_persons_are_left_out_where_that_is_asked() {
    let room = Room::with_documents();
    room.run(&["build", "docs", "-o", "g.samband", "--no-persons"]).is(0, "", "");
    room.run(&["query", "g.samband", "MATCH (n:Person) RETURN count(n) AS n"]).is(0, "n\n0\n", "");
    room.write(
        "ny.md",
        "Karl Grenvall är näringslivschef på Hultsfreds kommun. Hultsfreds kommun är partner till Vetlanda kommun.\n",
    );
    room.run(&["add", "g.samband", "ny.md"]).is(0, "", "4 documents (1 read");
    let names = room.run(&["query", "g.samband", "MATCH (n) RETURN n.name"]).is(0, "Hultsfreds kommun", "");
    assert!(
        !names.out.contains("Grenvall") && !names.out.contains("Ekdahl"),
        "what is added leaves them out too: {}",
        names.out
    );

    room.run(&["build", "docs", "-o", "t.samband", "--no-text"]).is(0, "", "");
    room.run(&["why", "t.samband", "Emma Ekdahl", "WORKS_FOR", "Vetlanda kommun"]).is(0, "Emma Ekdahl ─WORKS_FOR→", "");
    room.run(&["add", "t.samband", "ny.md"]).is(0, "", "");
    room.run(&["remove", "t.samband", "ny.md"]).is(0, "", "3 documents");
    room.run(&["check", "t.samband"]).is(0, "sound", "");
}

#[test]
fn rules_and_decisions_of_the_user_are_read_and_their_errors_placed() {
    let room = Room::with_documents();
    room.write("docs/bro.txt", "Vetlanda kommun fikar med Hultsfreds kommun.\n");
    let rule = "language sv \"Svenska\";\nclass %fika = fikar ;\nrule mine.fika \"X fikar med Y\" {\n  when %fika ;\n  from : Actor left within clause ;\n  to : Actor right after med ;\n  emit PARTNERS_WITH(from, to) ;\n  test \"Ekby kommun fikar med Norrviks kommun.\" => PARTNERS_WITH(\"Ekby kommun\", \"Norrviks kommun\") ;\n}\n";
    room.write("mine.rules", rule);
    room.write("bad.rules", "language sv \"Svenska\";\nrule mine.x \"y\" {\n  wenn %z ;\n}\n");
    room.run(&["build", "docs", "-o", "g.samband", "--rules", "bad.rules"]).is(1, "", "bad.rules:3:8");
    room.run(&["build", "docs", "-o", "g.samband", "--rules", "none.rules"]).is(3, "", "none.rules");
    room.run(&["rules", "test", "bad.rules"]).is(1, "", "bad.rules:3:8");
    room.run(&["build", "docs", "-o", "plain.samband"]).is(0, "", "");
    room.run(&["build", "docs", "-o", "g.samband", "--rules", "mine.rules"]).is(0, "", "4 documents (4 read)");
    let why = ["why", "g.samband", "Vetlanda kommun", "PARTNERS_WITH", "Hultsfreds kommun"];
    room.run(&why).is(0, "sv/mine.fika", "");
    // Without the rules the graph would change under the user: it says so.
    room.write("ny.md", "Kalmar kommun är partner till Hultsfreds kommun.\n");
    room.run(&["add", "g.samband", "ny.md", "--rules", "mine.rules"]).is(0, "", "5 documents (1 read");
    room.run(&why).is(0, "sv/mine.fika", "");
    room.run(&["remove", "g.samband", "ny.md"]).is(0, "", "warning: g.samband was read with other rules");
    room.run(&why).is(1, "", "no document says");

    room.write("decisions", "# by hand\nretract \"Vetlanda kommun\" (PublicBody) PARTNERS_WITH \"Kalmar kommun\" (PublicBody)\nassert \"Kalmar kommun\" (PublicBody) OWNS \"Smålands Hamnar\" (Association) since 2019\n");
    room.run(&["build", "docs", "-o", "d.samband", "--decisions", "decisions"]).is(0, "", "");
    room.run(&["query", "d.samband", "MATCH (a)-[r:OWNS]->(b) RETURN a.name, b.name, r.since"]).is(
        0,
        "Kalmar kommun\tSmålands Hamnar\t2019",
        "",
    );
    room.run(&["why", "d.samband", "Vetlanda kommun", "PARTNERS_WITH", "Kalmar kommun"]).is(1, "", "no document says");
    room.run(&["add", "d.samband", "ny.md"]).is(0, "", "");
    room.run(&["why", "d.samband", "Kalmar kommun", "OWNS", "Smålands Hamnar"]).is(0, "OWNS", "");
    room.write("bad", "\nsame \"A\" (Company) = \n");
    room.run(&["build", "docs", "-o", "x.samband", "--decisions", "bad"]).is(1, "", "bad, line 2, column");
    room.run(&["build", "docs", "-o", "x.samband", "--decisions", "none"]).is(3, "", "none");
    assert!(!room.path("x.samband").exists());
}

#[test]
fn an_export_imported_and_exported_again_has_the_same_bytes() {
    let room = graph_room();
    room.run(&["export", "g.samband", "-o", "a.jsonl"]).is(0, "", "");
    room.run(&["import", "a.jsonl", "-o", "i.samband"]).is(0, "", "relationships");
    room.run(&["check", "i.samband"]).is(0, "sound", "");
    room.run(&["export", "i.samband", "--format", "jsonl", "-o", "b.jsonl"]).is(0, "", "");
    assert!(room.read("a.jsonl") == room.read("b.jsonl"));
    let text = String::from_utf8(room.read("a.jsonl")).unwrap();
    assert!(text.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()));
    // Evidence comes along, the relations keep to being symmetric.
    let why = ["why", "i.samband", "Kalmar kommun", "PARTNERS_WITH", "Vetlanda kommun"];
    room.run(&why).is(0, "Vetlanda kommun är partner till Kalmar kommun.", "");
    room.run(&["add", "i.samband", "a.jsonl"]).is(1, "", "imported");

    std::fs::create_dir(room.path("tables")).unwrap();
    room.run(&["export", "g.samband", "--format", "csv", "-o", "tables"]).is(0, "", "tables/nodes.csv");
    let import =
        ["import", "tables/nodes.csv", "tables/relationships.csv", "-o", "c.samband", "--symmetric", "PARTNERS_WITH"];
    room.run(&import).is(0, "", "");
    // Either way round: an imported graph takes relations as they point.
    let either = FACTS.replace("->", "-").replace("NOT a:Document", "NOT a:Document AND NOT b:Document");
    let facts = |graph: &str| room.run(&["query", graph, &either]).is(0, "PARTNERS_WITH", "").out;
    assert_eq!(facts("c.samband"), facts("g.samband"));
    room.run(&["export", "g.samband", "-o", "t.csv"]).is(0, "", "t-nodes.csv");
    assert_eq!(room.read("t-nodes.csv"), room.read("tables/nodes.csv"));

    room.write("own.csv", "people:ID,name,age:int,:LABEL\n1,Ada,41,Person\n2,Bo,,Person\n".replace("people:ID", ":ID"));
    room.write("knows.csv", ":START_ID,:END_ID,:TYPE\n1,2,KNOWS\n");
    room.run(&["import", "own.csv", "knows.csv", "-o", "own.samband"]).is(0, "", "2 nodes, 1 relationships");
    room.run(&["query", "own.samband", "MATCH (a)-[:KNOWS]->(b) RETURN a.age, b.name"]).is(0, "41\tBo", "");
    room.write("bad.jsonl", "{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"A\"]}\n{\"type\":\n");
    room.run(&["import", "bad.jsonl", "-o", "bad.samband"]).is(1, "", "bad.jsonl, line 2");
    room.write("loose.csv", ":START_ID,:END_ID,:TYPE\n1,9,KNOWS\n");
    room.run(&["import", "own.csv", "loose.csv", "-o", "bad.samband"]).is(1, "", "loose.csv");
    assert!(!room.path("bad.samband").exists());
}

#[test]
fn exports_are_drawn_and_queried() {
    let room = graph_room();
    room.run(&["export", "g.samband", "--format", "dot"]).is(0, "digraph", "");
    let part = ["export", "g.samband", "--query", "which partners link Vetlanda to Turku"];
    room.run(&[&part[..], &["--format", "csv"]].concat()).is(0, "entity,", "");
    room.run(&[&part[..], &["-o", "part.dot"]].concat()).is(0, "", "");
    let dot = String::from_utf8(room.read("part.dot")).unwrap();
    assert!(dot.contains("Vetlanda kommun") && dot.contains("är partner till"), "{dot}");
    room.run(&["export", "g.samband", "--query", "RETURN"]).is(1, "", "error: ");
}
