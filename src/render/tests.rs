use super::*;
use crate::graph::{Builder, Property, SchemaMode};
use crate::query::value::{Path, Value};
use std::sync::Arc;

fn graph() -> Graph {
    let mut b = Builder::new(SchemaMode::Open);
    let name = |n: &str| vec![("name".to_owned(), Property::from(n))];
    let a = b.add_node(&["Region"], name("Luleå")).unwrap();
    let c = b.add_node(&["Actor", "Company"], name("Evil \"AB\" <b>\u{1b}[31m\u{202e}\u{9b}\\N")).unwrap();
    b.add_edge(c, "LOCATED_IN", a, vec![("modality".to_owned(), Property::from("planned"))]).unwrap();
    b.freeze().unwrap()
}

fn sample(graph: &Graph) -> Answer {
    let nodes: Vec<_> = graph.nodes().collect();
    let edges: Vec<_> = graph.edges().collect();
    Answer {
        columns: vec!["entity".to_owned(), "n".to_owned(), "chain".to_owned()],
        rows: vec![
            vec![
                Value::Node(nodes[1]),
                Value::Int(3),
                Value::Path(Arc::new(Path { nodes: vec![nodes[0], nodes[1]], edges })),
            ],
            vec![Value::String("=1+1|x".into()), Value::Float(2.0), Value::Null],
        ],
        ..Answer::default()
    }
}

#[test]
fn no_form_lets_an_escape_sequence_or_an_override_through() {
    let graph = graph();
    for (form, word, _) in Form::ALL {
        let text = answer(&sample(&graph), &graph, form, &TableStyle::default());
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{word}: {text}");
        assert!(text.ends_with('\n'), "{word}");
    }
}

#[test]
fn a_spreadsheet_finds_no_formula_and_numbers_stay_numbers() {
    let graph = graph();
    let text = answer(&sample(&graph), &graph, Form::Csv, &TableStyle::default());
    assert!(text.contains("'=1+1|x,2.0,"), "{text}");
    assert!(answer(&sample(&graph), &graph, Form::Markdown, &TableStyle::default()).contains("=1+1\\|x"));
}

#[test]
fn chains_show_direction_and_modality() {
    let graph = graph();
    let text = answer(&sample(&graph), &graph, Form::Tsv, &TableStyle::default());
    assert!(text.contains("Luleå ←LOCATED_IN planned─ Evil"), "{text}");
}

#[test]
fn json_keeps_integers_and_floats_apart() {
    let graph = graph();
    let text = answer(&sample(&graph), &graph, Form::Jsonl, &TableStyle::default());
    assert!(text.contains("\"n\":3,") && text.contains("\"n\":2.0,"), "{text}");
    assert!(text.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()));
}

#[test]
fn a_drawing_escapes_names() {
    let graph = graph();
    let text = answer(&sample(&graph), &graph, Form::Dot, &TableStyle::default());
    assert!(text.contains("Evil \\\"AB\\\""), "{text}");
    assert!(text.contains("style=dashed"), "{text}");
}

#[test]
fn on_a_narrow_screen_no_line_is_too_long_and_no_word_is_cut() {
    let graph = graph();
    for width in [30, 45, 60, 80, 120] {
        let style = TableStyle { width: Some(width), numbered: true, ..TableStyle::default() };
        let text = answer(&sample(&graph), &graph, Form::Table, &style);
        assert!(text.lines().all(|l| l.chars().count() <= width), "{width}:\n{text}");
        assert!(text.contains("←LOCATED_IN"), "{width}:\n{text}");
    }
}
