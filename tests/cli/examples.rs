//! The examples of the repository: programs of the library, the corpus, and the saved queries over it.

use std::path::PathBuf;
use std::process::Command;

use super::{Room, repository};

/// An example that cargo built beside this test; `cargo test` builds them all, `cargo test --test suite` none.
fn example(name: &str) -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let built = here.parent()?.parent()?.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !built.exists() {
        eprintln!("SKIPPED: {} is not built; `cargo test` without --test builds it", built.display());
        return None;
    }
    Some(built)
}

#[test]
fn the_programs_run_and_print_what_they_promise() {
    let wanted = [
        ("build_and_ask", &["Nordhamns Energi", "“", "nordhamn.txt"][..]),
        ("walk_paths", &["steps from Luleå", "─"]),
        ("export_picture", &["digraph samband", "tooltip="]),
    ];
    for (name, texts) in wanted {
        let Some(program) = example(name) else { continue };
        let output = Command::new(program).current_dir(repository("")).output().expect("the example starts");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{name}: {out}{err}");
        for text in texts {
            assert!(out.contains(text), "{name} does not print {text:?}:\n{out}{err}");
        }
    }
}

#[test]
fn every_saved_query_answers_on_the_corpus_with_the_parameters_it_names() {
    let room = Room::new();
    let corpus = repository("examples/corpus");
    room.run(&["build", corpus.to_str().unwrap(), "-o", "g.samband", "-q"]).is(0, "", "");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(repository("examples/queries")).unwrap().flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "sq"));
    files.sort();
    assert!(files.len() >= 8, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let line = text
            .lines()
            .find_map(|l| l.strip_prefix("// Parameters:"))
            .unwrap_or_else(|| panic!("{}: no line of parameters", file.display()));
        let mut arguments =
            vec!["query".to_owned(), "g.samband".to_owned(), "-f".to_owned(), file.display().to_string()];
        if let Some((_, given)) = line.split_once("for example ") {
            for value in pairs(given) {
                arguments.extend(["--param".to_owned(), value]);
            }
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        println!("{}", arguments.join(" "));
        let outcome = room.run(&arguments).is(0, "", "");
        assert!(outcome.out.lines().count() >= 1, "{}: not even a header", file.display());
    }
}

/// `a=b c="d e"` as `a=b` and `c=d e`.
fn pairs(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in text.trim().chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}
