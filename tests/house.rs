//! What must stay true of the house and can be read off its files: imports run downwards, the library does not print,
//! unsafe code stands in one place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Each room and what it may use.
const ROOMS: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("source", &["model"]),
    ("text", &["model"]),
    ("lexicon", &["model", "text"]),
    ("extract", &["model", "source", "text", "lexicon"]),
    ("resolve", &["model", "text", "lexicon"]),
    ("graph", &["model"]),
    ("query", &["model", "text", "lexicon", "graph"]),
    ("render", &["model", "graph", "query"]),
    ("pipeline", &["model", "source", "extract", "resolve", "graph"]),
    ("shell", &["model", "text", "graph", "query", "render", "cli"]),
    ("cli", &["model", "source", "extract", "resolve", "graph", "query", "render", "pipeline", "shell"]),
];

fn sources() -> BTreeMap<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut out = BTreeMap::new();
    let mut todo = vec![root.clone()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                todo.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                out.insert(path.strip_prefix(&root).unwrap().to_owned(), text);
            }
        }
    }
    out
}

fn room(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Files of tests, whose imports build the whole house around one room.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy();
    name.contains("test")
        || ["documents", "properties", "hostile", "laws"].contains(&&*name)
        || path.components().any(|c| c.as_os_str() == "tests")
}

/// The code before the tests at the end of a file, comments left out.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    code.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn imports_run_downwards() {
    let allowed: BTreeMap<&str, &[&str]> = ROOMS.into_iter().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources().iter().filter(|(p, _)| !is_test(p)) {
        let here = room(path);
        let Some(allowed) = allowed.get(here.as_str()) else { continue };
        let code = code(text);
        for (at, _) in code.match_indices("crate::") {
            let used: String = code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used != here && ROOMS.iter().any(|r| r.0 == used) && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_stands_in_one_place() {
    let places: Vec<String> = sources()
        .iter()
        .filter(|(_, text)| {
            code(text).contains("unsafe {") || code(text).contains("unsafe fn") || code(text).contains("unsafe impl")
        })
        .map(|(path, _)| path.display().to_string().replace('\\', "/"))
        .collect();
    assert_eq!(places, ["graph/map.rs"]);
}

#[test]
fn the_library_reads_no_environment_and_no_clock() {
    for (path, text) in
        sources().iter().filter(|(p, _)| !is_test(p) && !matches!(room(p).as_str(), "cli" | "shell" | "main"))
    {
        let code = code(text);
        for word in ["std::env::var", "SystemTime::now", "Instant::now", "println!", "eprintln!", "home_dir"] {
            assert!(!code.contains(word), "{} uses {word}", path.display());
        }
    }
}
