//! The line protocol for programs.

use serde_json::{Value, json};

use super::graph_room;

fn ask(arguments: &[&str], requests: &[&str]) -> Vec<Value> {
    let room = graph_room();
    let outcome = room.run_with(&[&["pipe"], arguments].concat(), requests.join("\n")).is(0, "", "");
    assert_eq!(outcome.err, "");
    outcome.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{l}: {e}"))).collect()
}

/// The error with its names, without its words.
fn error(answer: &Value) -> (&Value, &str, &str, &str) {
    let word = |key: &str| answer["error"][key].as_str().unwrap_or_else(|| panic!("{answer}"));
    assert!(!word("message").is_empty());
    (&answer["id"], word("type"), word("phase"), word("detail"))
}

#[test]
fn rows_follow_columns_and_precede_the_count() {
    let answers = ask(
        &["g.samband"],
        &[r#"{"id":"a","statement":"UNWIND $l AS n RETURN n, 1.0 AS f, 'å' AS t","parameters":{"l":[1,null,2.5]}}"#],
    );
    assert_eq!(answers[0], json!({"id": "a", "columns": ["n", "f", "t"]}));
    assert_eq!(answers[1], json!({"id": "a", "row": [1, 1.0, "å"]}));
    assert_eq!(answers[2], json!({"id": "a", "row": [null, 1.0, "å"]}));
    assert_eq!(answers[3], json!({"id": "a", "row": [2.5, 1.0, "å"]}));
    assert_eq!(answers[4]["done"]["rows"], 3);
    assert!(answers[4]["done"]["nanos"].as_u64().unwrap() > 0);
    let question = ask(&["g.samband"], &[r#"{"id":1,"statement":"who works for Vetlanda kommun"}"#]);
    assert_eq!(question[1]["row"][0]["properties"]["name"], "Emma Ekdahl");
}

#[test]
fn integers_floats_and_what_json_lacks_stay_apart() {
    let room = graph_room();
    let request = r#"{"id":1,"statement":"RETURN 1 AS i, 1.0 AS f, 0.0/0.0 AS n, $p AS p, $b AS b","parameters":{"p":{"$float":"-Infinity"},"b":2.0}}"#;
    let outcome = room.run_with(&["pipe", "--scratch"], request).is(0, "", "");
    let row = outcome.out.lines().nth(1).unwrap();
    assert_eq!(row, r#"{"id":1,"row":[1,1.0,{"$float":"NaN"},{"$float":"-Infinity"},2.0]}"#);
}

#[test]
fn errors_bear_the_names_of_opencypher_and_the_pipe_goes_on() {
    let answers = ask(
        &["g.samband"],
        &[
            r#"{"id":1,"statement":"RETURN x"}"#,
            r#"{"id":2,"statement":"RETURN 1/0"}"#,
            r#"{"id":3,"statement":"MATCH (n) RETURN\n  n )"}"#,
            r#"{"id":4,"statement":"RETURN $p"}"#,
            r#"{"id":5,"statement":"what is Ekdahl"}"#,
            "this is no JSON",
            "[1]",
            r#"{"id":8}"#,
            r#"{"id":9,"statement":"RETURN 1","parameters":[1]}"#,
            r#"{"id":10,"reset":true}"#,
            "",
            r#"{"id":11,"statement":"CREATE (n)"}"#,
            r#"{"id":12,"statement":"RETURN 1 AS n"}"#,
        ],
    );
    assert_eq!(error(&answers[0]), (&json!(1), "SyntaxError", "compile", "UndefinedVariable"));
    assert_eq!((&answers[0]["error"]["line"], &answers[0]["error"]["column"]), (&json!(1), &json!(8)));
    assert_eq!(error(&answers[1]), (&json!(2), "ArithmeticError", "runtime", "DivisionByZero"));
    assert_eq!(error(&answers[2]).1, "SyntaxError");
    assert_eq!(answers[2]["error"]["line"], 2);
    assert_eq!((error(&answers[3]).1, error(&answers[3]).3), ("ParameterMissing", "MissingParameter"));
    assert_eq!(error(&answers[4]).3, "AmbiguousName");
    for (at, id) in [(5, Value::Null), (6, Value::Null), (7, json!(8)), (8, json!(9)), (9, json!(10))] {
        assert_eq!(error(&answers[at]), (&id, "ArgumentError", "compile", "InvalidRequest"), "{}", answers[at]);
    }
    assert_eq!(answers[10]["id"], 11);
    assert!(answers[10]["error"].is_object());
    assert_eq!(answers[12], json!({"id": 12, "row": [1]}));
}

#[test]
fn a_scratch_graph_is_written_and_emptied() {
    let count = r#"{"id":2,"statement":"MATCH (n) RETURN count(n) AS n"}"#;
    let answers = ask(
        &["--scratch"],
        &[r#"{"id":1,"statement":"CREATE (:A {n: 1})-[:R]->(:B)"}"#, count, r#"{"id":3,"reset":true}"#, count],
    );
    let rows: Vec<&Value> = answers.iter().filter_map(|a| a.get("row")).collect();
    assert_eq!(rows, [&json!([2]), &json!([0])]);
    assert!(answers.iter().any(|a| a["id"] == 3 && a["done"]["rows"] == 0));
}

#[test]
fn each_answer_is_there_before_the_next_request() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let room = graph_room();
    let mut child =
        room.command().args(["pipe", "g.samband"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut lines = BufReader::new(output).lines();
    for id in 0..3 {
        writeln!(input, "{{\"id\":{id},\"statement\":\"RETURN {id} AS n\"}}").unwrap();
        let answer: Vec<String> = lines.by_ref().take(3).map(Result::unwrap).collect();
        assert_eq!(answer[1], format!("{{\"id\":{id},\"row\":[{id}]}}"));
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}
