//! Exit codes: 0 answered, 1 query or data error, 2 usage, 3 a file, 4 nothing matched, 5 an ambiguous name, 130 Ctrl-C.

use super::{Room, graph_room};

/// Arguments, exit code, what stdout must hold, what stderr must hold.
type Case<'a> = (&'a [&'a str], i32, &'a str, &'a str);

#[track_caller]
fn all(room: &Room, cases: &[Case<'_>]) {
    for (arguments, code, out, err) in cases {
        println!("samband {}", arguments.join(" "));
        room.run(arguments).is(*code, out, err);
    }
}

#[test]
fn answers_end_with_0_and_say_on_stderr_how_they_were_understood() {
    let room = graph_room();
    all(
        &room,
        &[
            (&["query", "g.samband", "who works for Vetlanda kommun"], 0, "Emma Ekdahl\tnäringslivschef", "WORKS_FOR"),
            (&["query", "g.samband", "MATCH (n) WHERE n.name = 'Ingen' RETURN n.name AS n"], 0, "n\n", ""),
            (&["query", "g.samband", "RETURN $n + 1 AS n", "--param", "n=41"], 0, "n\n42\n", ""),
            (&["query", "g.samband", "RETURN $n AS n", "--param", "$n=4.0"], 0, "n\n4.0\n", ""),
            (&["query", "g.samband", "RETURN $n AS n", "--param", "n='4'"], 0, "n\n4\n", ""),
            (&["query", "g.samband", "UNWIND [1, 2, 3] AS n RETURN n", "--limit", "2"], 0, "n\n1\n2\n", "2 of 3 rows"),
            (&["query", "g.samband", "UNWIND [1, 2, 3] AS n RETURN n", "--limit", "0"], 0, "n\n1\n2\n3\n", ""),
            (&["check", "g.samband"], 0, "sound", ""),
            (&["--version"], 0, env!("CARGO_PKG_VERSION"), ""),
            (&["--help"], 0, "Exit codes: 0 answered", ""),
            (&["query", "--help"], 0, "--exit-empty", ""),
            (&["completions", "bash"], 0, "_samband()", ""),
            (&["completions", "zsh"], 0, "#compdef samband", ""),
            (&["man"], 0, ".TH samband", ""),
        ],
    );
}

#[test]
fn errors_of_a_query_end_with_1_point_at_the_place_and_suggest() {
    let room = graph_room();
    all(
        &room,
        &[
            (&["query", "g.samband", "what is Qwertyland"], 1, "", "no entity is called `Qwertyland`"),
            (&["query", "g.samband", "what is \"Vetlanda komun\""], 1, "", "Vetlanda kommun"),
            (&["query", "g.samband", "MATCH (n:Regoin) RETURN n"], 1, "", "did you mean `Region`?"),
            (&["query", "g.samband", "MATCH ()-[r:PARTNER_WITH]-() RETURN r"], 1, "", "did you mean `PARTNERS_WITH`?"),
            (&["query", "g.samband", "MATCH (n) RETURN n.nmae"], 1, "", "did you mean `name`?"),
            (&["query", "g.samband", "MATCH (n) RETRUN n"], 1, "", "did you mean RETURN"),
            (&["query", "g.samband", "MATCH (n RETURN n"], 1, "", "1 | MATCH (n RETURN n\n  |       ^"),
            (&["query", "g.samband", "RETURN $missing AS m"], 1, "", "`$missing` is not given"),
            (&["query", "g.samband", "RETURN 1/0 AS n"], 1, "", "division by zero"),
            (&["query", "g.samband", "RETURN 'open AS n"], 1, "", "error: "),
            (&["query", "g.samband", "CREATE (n)"], 1, "", "error: "),
            (&["query", "g.samband", "SELECT * FROM x"], 1, "", "error: "),
            (&["query", "g.samband", "which färgpennor röra sig kring Kalmar"], 1, "", "error: "),
            (
                &["why", "g.samband", "Kalmar kommun", "PARTNERS_WIHT", "Vetlanda kommun"],
                1,
                "",
                "did you mean PARTNERS_WITH?",
            ),
            (&["why", "g.samband", "Kalmar kommun", "OWNS", "Vetlanda kommun"], 1, "", "samband whynot"),
            (
                &[
                    "query",
                    "g.samband",
                    "UNWIND range(1, 90000) AS a UNWIND range(1, 90000) AS b RETURN count(*)",
                    "--timeout",
                    "0.05",
                ],
                1,
                "",
                "error: ",
            ),
        ],
    );
}

#[test]
fn usage_that_makes_no_sense_ends_with_2() {
    let room = graph_room();
    all(
        &room,
        &[
            (&[], 2, "Usage: samband", ""),
            (&["query"], 2, "", "GRAPH|FOLDER"),
            (&["quary", "g.samband", "RETURN 1"], 2, "", "did you mean `samband query`?"),
            (&["chekc"], 2, "", "did you mean `samband check`?"),
            (&["query", "g.samband", ""], 2, "", "there is no question"),
            (&["query", "g.samband", "RETURN 1", "-f", "x.sq"], 2, "", "not both"),
            (&["query", "g.samband", "RETURN 1", "--format", "xlsx"], 2, "", "possible values: table, json"),
            (&["query", "g.samband", "RETURN 1", "-o", "picture.svgz"], 2, "", "endings are .txt .json"),
            (&["query", "g.samband", "RETURN $a AS a", "--param", "a"], 2, "", "NAME=VALUE"),
            (&["query", "g.samband", "RETURN 1", "--timeout", "-1"], 2, "", ""),
            (&["query", "g.samband", "RETURN 1", "--frobnicate"], 2, "", "--frobnicate"),
            (&["build", "docs"], 2, "", "--output"),
            (&["build", "docs", "-o", "x.samband", "--jobs", "0"], 2, "", "--jobs 0"),
            (&["export", "g.samband", "--format", "docx"], 2, "", "possible values: dot"),
            (&["export", "g.samband", "-o", "x.docx"], 2, "", "endings are .jsonl .csv .dot"),
            (&["pipe"], 2, "", "GRAPH|FOLDER"),
            (&["completions", "tcsh"], 2, "", "possible values: bash"),
            (&["extract"], 2, "", "--stdin"),
        ],
    );
}

#[test]
fn files_that_are_missing_or_unreadable_end_with_3() {
    let room = graph_room();
    std::fs::create_dir(room.path("empty")).unwrap();
    room.write("noise.txt", [0_u8, 159, 146, 150, 0, 1, 2, 3, 255, 254, 7].repeat(40));
    all(
        &room,
        &[
            (&["query", "nowhere.samband", "RETURN 1"], 3, "", "no such file or folder"),
            (&["nowhere/at/all"], 3, "", "no such file or folder"),
            (&["query", "empty", "RETURN 1"], 3, "", "no documents under empty"),
            (&["build", "empty", "-o", "e.samband"], 3, "", "documents end in .txt, .md or .html"),
            (&["build", "nowhere", "-o", "e.samband"], 3, "", "nowhere: no such file or folder"),
            (&["build", "noise.txt", "-o", "e.samband"], 3, "", "binary file"),
            (&["query", "noise.txt", "RETURN 1"], 3, "", "binary file"),
            (&["query", "g.samband", "-f", "none.sq"], 3, "", "none.sq: no such file"),
            (&["check", "nowhere.samband"], 3, "", "nowhere.samband"),
            (&["add", "nowhere.samband", "noise.txt"], 3, "", "nowhere.samband"),
            (&["import", "nowhere.jsonl", "-o", "i.samband"], 3, "", "no such file"),
            (&["build", "g.samband", "-o", "nowhere/deep/e.samband"], 3, "", ""),
            (&["query", "g.samband", "RETURN 1", "-o", "nowhere/x.csv"], 3, "", "cannot write nowhere/x.csv"),
        ],
    );
    assert!(!room.path("e.samband").exists(), "a build that fails leaves nothing");
    room.run_with(&["extract", "--stdin"], b"\x00\xff\x00\x01").is(3, "", "binary");
    room.run_with(&["g.samband"], b"RETURN '\xff'").is(3, "", "UTF-8");
}

#[test]
fn a_damaged_graph_is_told_by_1() {
    let room = graph_room();
    let whole = room.read("g.samband");
    room.write("foreign.samband", "nothing of the kind");
    room.write("none.samband", "");
    all(
        &room,
        &[
            (&["query", "foreign.samband", "RETURN 1"], 1, "", "is not a graph file"),
            (&["query", "none.samband", "RETURN 1"], 1, "", "none.samband"),
        ],
    );
    for cut in [8, 40, 300, whole.len() / 2, whole.len() - 1] {
        room.write("cut.samband", &whole[..cut]);
        room.run(&["check", "cut.samband"]).is(1, "", "cut.samband");
        room.run(&["query", "cut.samband", "MATCH (n) RETURN count(n)"]).is(1, "", "cut.samband");
    }
    for part in 1..12 {
        let mut flipped = whole.clone();
        let at = whole.len() * part / 12;
        flipped[at] ^= 0x10;
        room.write("flipped.samband", &flipped);
        let checked = room.run(&["check", "flipped.samband"]);
        // Between sections lies padding, of which nothing depends on a bit.
        assert!(
            checked.code == 1 && checked.err.contains("samband build") || checked.code == 0,
            "{}: {}",
            at,
            checked.err
        );
        let asked = room.run(&["query", "flipped.samband", "MATCH (n) RETURN count(n)"]);
        assert!(matches!(asked.code, 0 | 1) && !asked.err.contains("panicked"), "{}: {}", at, asked.err);
    }
    // What cannot be read is built anew, with a warning.
    room.write("docs/a.txt", "Vetlanda kommun är partner till Kalmar kommun.\n");
    room.write("foreign.samband", "nothing of the kind");
    room.run(&["build", "docs", "-o", "foreign.samband"]).is(0, "", "warning: foreign.samband is not a graph file");
    room.run(&["check", "foreign.samband"]).is(0, "sound", "");
}

#[test]
fn nothing_matched_is_4_only_where_it_is_asked_for() {
    let room = graph_room();
    let nothing = "MATCH (n) WHERE n.name = 'Ingen' RETURN n.name AS n";
    all(
        &room,
        &[
            (&["query", "g.samband", nothing, "--exit-empty"], 4, "n\n", ""),
            (&["query", "g.samband", "RETURN 1 AS n", "--exit-empty"], 0, "n\n1\n", ""),
            (&["query", "g.samband", "what is Qwertyland", "--exit-empty"], 1, "", "Qwertyland"),
        ],
    );
    room.run_with(&["g.samband", "--exit-empty"], nothing).is(4, "", "");
}

#[test]
fn an_ambiguous_name_is_5_with_the_candidates() {
    let room = graph_room();
    room.run(&["query", "g.samband", "what is Ekdahl"]).is(5, "", "`Ekdahl` may mean").is(5, "", "Emma Ekdahl (Person");
    room.run(&["why", "g.samband", "Ekdahl", "any", "Kalmar kommun"]).is(5, "", "Otto Ekdahl");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_script_with_130() {
    use std::process::{Command, Stdio};
    use std::time::Duration;
    let room = graph_room();
    let slow = "UNWIND range(1, 90000) AS a UNWIND range(1, 90000) AS b RETURN count(*)";
    // Both while a statement runs, with more to come, and while statements are waited for.
    for (arguments, wait) in [(vec!["query", "g.samband", slow, "--keep-going"], 400), (vec!["g.samband"], 200)] {
        let mut command = room.command();
        command.args(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let mut child = child;
        let stdin = child.stdin.take();
        let output = child.wait_with_output().unwrap();
        drop(stdin);
        assert_eq!(output.status.code(), Some(130), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_reading_is_no_error() {
    use std::process::Stdio;
    let room = graph_room();
    let rows = "UNWIND range(1, 50000) AS n RETURN n, 'text that fills the pipe' AS t";
    for arguments in [vec!["query", "g.samband", rows], vec!["export", "g.samband"], vec!["man"]] {
        let mut command = room.command();
        command.args(&arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {err}");
        assert!(!err.contains("error"), "{arguments:?}: {err}");
    }
}
