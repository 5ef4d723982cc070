//! Statements from the command line, files and stdin; the forms of answers; saved queries; colour.

use super::{Room, graph_room};

#[test]
fn statements_from_stdin_end_at_semicolons_and_blank_lines() {
    let room = graph_room();
    let script = "// first\n\nRETURN 1 AS a; RETURN ';' AS b\n\nRETURN\n  3 AS c\n \t\n\n// last\nRETURN 4 AS d";
    for arguments in [vec!["g.samband"], vec!["query", "g.samband"], vec!["query", "g.samband", "-"]] {
        let outcome = room.run_with(&arguments, script).is(0, "", "");
        assert_eq!(outcome.out, "a\n1\nb\n;\nc\n3\nd\n4\n", "{arguments:?}");
    }
    let windows = script.replace('\n', "\r\n");
    assert_eq!(room.run_with(&["g.samband"], format!("\u{feff}{windows}")).out, "a\n1\nb\n;\nc\n3\nd\n4\n");
    room.run_with(&["g.samband"], "").is(2, "", "there is no question");
    room.run_with(&["g.samband"], ";;\n// nothing\n\n").is(2, "", "there is no question");
}

#[test]
fn a_script_stops_at_its_first_error_unless_told_otherwise() {
    let room = graph_room();
    let script = "RETURN 1 AS a;\n\nRETURN x AS b;\nRETURN 3 AS c;\nwhat is Ekdahl;\nRETURN 5 AS e\n";
    // The place is the line of the script.
    let stopped = room.run_with(&["g.samband"], script).is(1, "a\n1\n", "3 | RETURN x AS b");
    assert_eq!(stopped.out, "a\n1\n");
    let whole = room.run_with(&["g.samband", "--keep-going"], script).is(1, "", "`Ekdahl` may mean");
    assert_eq!(whole.out, "a\n1\nc\n3\ne\n5\n");
    // The code is that of the first error.
    room.run_with(&["g.samband", "--keep-going"], "what is Ekdahl; RETURN x").is(5, "", "");
}

#[test]
fn a_folder_is_as_good_as_a_graph() {
    let room = Room::with_documents();
    let graph = graph_room();
    for question in [
        "which partners link Vetlanda to Turku",
        "who works for Vetlanda kommun",
        "MATCH (n) RETURN n.name ORDER BY n.name",
    ] {
        let asked = room.run(&["query", "docs", question]).is(0, "", "");
        let built = graph.run(&["query", "g.samband", question]).is(0, "", "");
        assert_eq!((asked.out, asked.err), (built.out, built.err), "{question}");
    }
    room.run_with(&["docs"], "what is Smålands Hamnar").is(0, "Kalmar kommun\t", "");
    room.run(&["query", "docs/samarbete.md", "who works for Vetlanda kommun"]).is(0, "Emma Ekdahl", "");
}

#[test]
fn the_ending_of_the_output_picks_the_form() {
    let room = graph_room();
    let ask = "MATCH (n:PublicBody) WHERE n.name = 'Kalmar kommun' RETURN n.name AS name, 1 AS one";
    let wanted = [
        ("a.csv", "name,one\r\nKalmar kommun,1\r\n"),
        ("a.tsv", "name\tone\nKalmar kommun\t1\n"),
        ("a", "name\tone\nKalmar kommun\t1\n"),
        ("a.jsonl", "{\"name\":\"Kalmar kommun\",\"one\":1}\n"),
        ("a.md", "| name | one |\n| --- | --- |\n| Kalmar kommun | 1 |\n"),
    ];
    for (file, text) in wanted {
        let outcome = room.run(&["query", "g.samband", ask, "-o", file]).is(0, "", "");
        assert_eq!(outcome.out, "", "{file}: nothing on stdout");
        assert_eq!(String::from_utf8(room.read(file)).unwrap(), text, "{file}");
    }
    room.run(&["query", "g.samband", "MATCH (n:PublicBody) RETURN n", "-o", "a.dot"]).is(0, "", "");
    assert!(room.read("a.dot").starts_with(b"digraph"));
    room.run(&["query", "g.samband", ask, "-o", "a.json"]).is(0, "", "");
    let json: serde_json::Value = serde_json::from_slice(&room.read("a.json")).unwrap();
    assert_eq!((&json["version"], &json["rows"][0]["one"]), (&1.into(), &1.into()));
    room.run(&["query", "g.samband", ask, "-o", "a.txt"]).is(0, "", "");
    assert!(String::from_utf8(room.read("a.txt")).unwrap().contains("Kalmar kommun"));
    // --format is heard before the ending, `-` is stdout.
    room.run(&["query", "g.samband", ask, "-o", "b.csv", "--format", "tsv"]).is(0, "", "");
    assert!(room.read("b.csv").starts_with(b"name\tone\n"));
    room.run(&["query", "g.samband", ask, "-o", "-"]).is(0, "name\tone\n", "");
    // All answers of a script stand in the file; where it fails, the file is as it was.
    room.run_with(&["query", "g.samband", "-o", "b.csv"], "RETURN 1 AS a; RETURN 2 AS b").is(0, "", "");
    assert_eq!(room.read("b.csv"), b"a\r\n1\r\nb\r\n2\r\n");
    room.run_with(&["query", "g.samband", "-o", "b.csv"], "RETURN 3 AS a; RETURN x").is(1, "", "");
    assert_eq!(room.read("b.csv"), b"a\r\n1\r\nb\r\n2\r\n");
    let left: Vec<_> = std::fs::read_dir(room.path(""))
        .unwrap()
        .flatten()
        .filter(|f| f.file_name().to_string_lossy().contains("partial"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn what_is_no_terminal_gets_every_row_and_no_box() {
    let room = graph_room();
    let outcome =
        room.run(&["query", "g.samband", "UNWIND range(1, 3000) AS n RETURN n, 'x' + 'y' AS long"]).is(0, "", "");
    assert_eq!(outcome.out.lines().count(), 3001);
    assert!(outcome.out.starts_with("n\tlong\n1\txy\n"));
    let table =
        room.run(&["query", "g.samband", "UNWIND range(1, 3000) AS n RETURN n", "--format", "table"]).is(0, "", "");
    assert!(table.out.lines().count() > 3000, "a table in a pipe is whole too");
    let wide = "w".repeat(400);
    room.run(&["query", "g.samband", &format!("RETURN '{wide}' AS w"), "--format", "table"]).is(0, &wide, "");
}

#[test]
fn json_keeps_the_order_of_columns_and_the_kinds_of_numbers() {
    let room = graph_room();
    let ask = "RETURN 1 AS z, 1.0 AS a, null AS m, [1, 2.5] AS b, {y: true, x: 'å'} AS c, 0.0/0.0 AS n";
    let outcome = room.run(&["query", "g.samband", ask, "--format", "jsonl"]).is(0, "", "");
    assert!(outcome.out.starts_with("{\"z\":1,\"a\":1.0,\"m\":null,\"b\":[1,2.5],\"c\":{"), "{}", outcome.out);
    assert!(outcome.out.ends_with("\"n\":{\"$float\":\"NaN\"}}\n"), "{}", outcome.out);
    let whole = room.run(&["query", "g.samband", ask, "--format", "json"]).is(0, "", "");
    let json: serde_json::Value = serde_json::from_str(&whole.out).unwrap();
    assert_eq!(json["columns"], serde_json::json!(["z", "a", "m", "b", "c", "n"]));
}

#[test]
fn saved_queries_are_found_here_then_in_queries_then_in_the_data_folder() {
    let room = graph_room();
    let text = |n: i32| {
        format!(
            "// What it answers.\n// Parameters: who\n\nMATCH (a) WHERE a.name ~ $who RETURN a.name AS a, {n} AS n;\n"
        )
    };
    let ask = |name: &str| room.run(&["query", "g.samband", "-f", name, "--param", "who=vetlanda KOMMUN"]);
    ask("one.sq").is(3, "", "no saved query of that name");
    room.write("xdg/data/samband/queries/one.sq", text(3));
    ask("one.sq").is(0, "a\tn\nVetlanda kommun\t3\n", "");
    ask("one").is(0, "\t3\n", "");
    let arguments = ["query", "g.samband", "-f", "one", "--param", "who=x", "--no-config"];
    room.run(&arguments).is(3, "", "no saved query of that name");
    room.write("queries/one.sq", text(2));
    ask("one.sq").is(0, "\t2\n", "");
    room.write("one.sq", text(1));
    ask("one.sq").is(0, "\t1\n", "");
    room.run(&["query", "g.samband", "-f", "one.sq"]).is(1, "", "`$who` is not given");
    // Values are bound, never spliced.
    let hostile = "who=x' RETURN 1 //";
    room.run(&["query", "g.samband", "-f", "one.sq", "--param", hostile, "--exit-empty"]).is(4, "a\tn\n", "");
}

#[test]
fn colour_is_settled_by_the_option_then_the_environment() {
    let room = graph_room();
    let coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let mut command = room.command();
        command.args(["query", "g.samband", "RETURN x"]).args(arguments).envs(environment.iter().copied());
        command.output().unwrap().stderr.contains(&0x1b)
    };
    assert!(!coloured(&[], &[]), "no terminal, no colour");
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")]), "an empty NO_COLOR says nothing");
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    let mut command = room.command();
    let output = command.args(["query", "g.samband", "RETURN 1", "--color", "always"]).output().unwrap();
    assert!(!output.stdout.contains(&0x1b), "answers for programs are never coloured");
}
