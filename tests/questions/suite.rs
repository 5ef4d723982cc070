//! `suite.txt`: each question is understood as its pattern, and the pattern pasted back gives the same rows.

use std::collections::BTreeMap;

use samband::query::answer::{Options, Params};
use samband::query::{error::QueryError, run};

use super::world::world;

/// One pattern with the questions that stand for it.
pub(super) struct Block {
    pub(super) comments: Vec<String>,
    pub(super) pattern: String,
    /// Language and question.
    pub(super) questions: Vec<(String, String)>,
}

pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut out = vec![];
    for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        let mut block = Block { comments: vec![], pattern: String::new(), questions: vec![] };
        let mut pattern = Vec::new();
        for line in paragraph.lines().filter(|l| !l.trim().is_empty()) {
            if line.starts_with('#') {
                block.comments.push(line.to_owned());
            } else if let Some(part) = line.strip_prefix("    ") {
                pattern.push(part);
            } else {
                let (language, question) = line.split_once(": ").unwrap_or_else(|| panic!("no language: {line}"));
                block.questions.push((language.to_owned(), question.to_owned()));
            }
        }
        block.pattern = pattern.join("\n");
        out.push(block);
    }
    out
}

/// The pattern that EXPLAIN prints.
pub(super) fn pattern_of(question: &str) -> Result<String, QueryError> {
    let answer = run(world(), &format!("EXPLAIN {question}"), &Params::new(), &Options::default())?;
    let lines = answer.rows.iter().map(|r| match &r[0] {
        samband::query::value::Value::String(s) => s.to_string(),
        other => panic!("{other:?}"),
    });
    Ok(lines.take_while(|l| !l.is_empty()).collect::<Vec<_>>().join("\n"))
}

#[test]
fn questions_stand_for_their_patterns() {
    let text = super::read("suite.txt");
    let mut blocks = blocks(&text);
    let mut wrong = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let bless = super::bless();
    for block in &mut blocks {
        if bless && let Some((_, first)) = block.questions.first() {
            match pattern_of(first) {
                Ok(pattern) => block.pattern = pattern,
                Err(e) => wrong.push(format!("{first}\n  {} {}", e.message, e.help.unwrap_or_default())),
            }
        }
        for (language, question) in &block.questions {
            *counts.entry(language.clone()).or_default() += 1;
            match pattern_of(question) {
                Ok(pattern) if pattern == block.pattern => {}
                Ok(pattern) => {
                    wrong.push(format!("{question}\n  is read as {pattern}\n  and not as {}", block.pattern))
                }
                Err(e) => wrong.push(format!("{question}\n  {} {}", e.message, e.help.unwrap_or_default())),
            }
        }
    }
    if bless {
        let mut out = String::new();
        for block in &blocks {
            for comment in &block.comments {
                out.push_str(&format!("{comment}\n"));
            }
            for (language, question) in &block.questions {
                out.push_str(&format!("{language}: {question}\n"));
            }
            for line in block.pattern.lines().filter(|_| !block.questions.is_empty()) {
                out.push_str(&format!("    {line}\n"));
            }
            out.push('\n');
        }
        std::fs::write(super::path("suite.txt"), format!("{}\n", out.trim_end())).unwrap();
    }
    let of = |language: &str| counts.get(language).copied().unwrap_or(0);
    assert!(wrong.is_empty(), "{} of {counts:?} questions:\n{}", wrong.len(), wrong.join("\n"));
    assert!(of("en") >= 100 && of("sv") >= 75 && of("fi") >= 75, "{counts:?}");
}

#[test]
fn a_printed_pattern_gives_the_rows_of_its_question() {
    let text = super::read("suite.txt");
    let mut empty = 0;
    let mut all = 0;
    for block in blocks(&text) {
        let ask = |statement: &str| {
            run(world(), statement, &Params::new(), &Options::default())
                .unwrap_or_else(|e| panic!("{statement}: {}", e.message))
        };
        let pasted = if block.questions.is_empty() { continue } else { ask(&block.pattern) };
        for (_, question) in &block.questions {
            let asked = ask(question);
            assert_eq!((&asked.columns, &asked.rows), (&pasted.columns, &pasted.rows), "{question}");
            assert_eq!(asked.understood.len(), 1, "{question}");
            all += 1;
            // An empty table never stands alone: something is said beside it, or nothing was to be found.
            empty += usize::from(asked.rows.is_empty());
        }
    }
    assert!(empty * 10 <= all, "{empty} of {all} questions find nothing: the graph does not try them");
}

/// What stands beside the rows of some questions: part of a note, or of the line that says how it was understood.
#[test]
fn answers_say_what_rows_cannot() {
    let cases = [
        ("is Skoglund Bygg a member of Bottenviksbågen", "said only as negated"),
        ("onko Nokia Oyj Bottenviksbågenin jäsen", "no: no document says"),
        ("samarbetar Nokia med Business Oulu", "said only as ended"),
        ("why is Nokia not a member of Bottenviksbågen", "no: no document says"),
        ("who works for Luleå", "Luleå read as Luleå kommun"),
        ("partners of Luleå kommun since 1950", "left out"),
        ("which partners link Björkskolan to Nokia", "nothing links"),
    ];
    for (question, part) in cases {
        let answer = run(world(), question, &Params::new(), &Options::default()).unwrap();
        let told = [answer.notes.join("\n"), answer.understood.join("\n")].join("\n");
        assert!(told.contains(part), "{question}: {told}");
    }
}

#[test]
fn ambiguous_names_list_their_candidates() {
    for question in
        ["who are the partners of Business", "vilka är partner till Business", "ketkä ovat Business kumppaneita"]
    {
        let error = run(world(), question, &Params::new(), &Options::default()).unwrap_err();
        assert_eq!(error.detail, samband::query::error::Detail::AmbiguousName, "{question}");
        let names: Vec<&str> = error.candidates.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["Business Oulu", "Business Sweden"], "{question}");
    }
}
