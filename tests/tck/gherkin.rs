//! A reader of the part of Gherkin that the openCypher TCK uses: line by line, without a grammar of its own.
//!
//! It knows features, backgrounds, scenarios, outlines (expanded, one scenario for each row of the examples), tags, doc
//! strings and tables with Gherkin's escapes. It does not know what a step means.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A scenario, ready to run: an outline is expanded, the background's steps come first.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    /// The file, relative to the folder of features, with `/` between its parts, without `.feature`.
    pub(crate) feature: String,
    /// The title without the word before it, `[3] Fail on …`, placeholders filled in.
    pub(crate) name: String,
    /// For a scenario of an outline, the number of its row, from 1, over all its examples; otherwise 0.
    pub(crate) example: usize,
    /// Tags with their `@`, of the feature and the scenario.
    pub(crate) tags: Vec<String>,
    /// The steps in order.
    pub(crate) steps: Vec<Step>,
}

impl Scenario {
    /// A name that is unique within the TCK and stable: what a manifest lists.
    pub(crate) fn id(&self) -> String {
        match self.example {
            0 => format!("{}: {}", self.feature, self.name),
            n => format!("{}: {} #{n}", self.feature, self.name),
        }
    }

    /// Whether it bears a tag (`@ignore`).
    pub(crate) fn tagged(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t == tag)
    }

    /// The text of the doc string of the first step that begins so.
    pub(crate) fn text_of(&self, start: &str) -> Option<&str> {
        self.steps.iter().find(|step| step.text.starts_with(start)).and_then(|step| step.doc.as_deref())
    }
}

/// A step: its text without the keyword, and what follows it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Step {
    /// The text, `executing query:`.
    pub(crate) text: String,
    /// The doc string.
    pub(crate) doc: Option<String>,
    /// The table, cells trimmed and unescaped.
    pub(crate) table: Vec<Vec<String>>,
    /// The line in the file, from 1.
    pub(crate) line: usize,
}

/// A file that does not follow the format.
#[derive(Debug)]
pub(crate) struct GherkinError {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for GherkinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// The folder of the TCK's features, where it lies beside the project; `None`, and a loud line, where it does not.
pub(crate) fn features() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = root.ancestors().skip(1).map(|dir| dir.join("shared/tck/tck/features")).find(|dir| dir.is_dir());
    if found.is_none() {
        eprintln!("SKIPPED: no openCypher TCK in ../shared/tck, nothing of it was tested");
    }
    found
}

/// All scenarios of a folder, files in the order of their paths.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<Scenario>, GherkinError> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let mut scenarios = Vec::new();
    for file in files {
        let relative = file.strip_prefix(folder).unwrap_or(&file).with_extension("");
        let name = relative.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let text = fs::read_to_string(&file).map_err(|error| GherkinError {
            file: name.clone(),
            line: 0,
            what: error.to_string(),
        })?;
        scenarios.extend(read(&name, &text)?);
    }
    Ok(scenarios)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ext| ext == "feature") {
            files.push(path);
        }
    }
}

/// Where the lines being read belong.
#[derive(PartialEq)]
enum Place {
    Head,
    Background,
    Scenario,
    Examples,
}

/// A scenario as written.
#[derive(Default)]
struct Draft {
    name: String,
    tags: Vec<String>,
    steps: Vec<Step>,
    outline: bool,
    examples: Vec<Vec<Vec<String>>>,
}

/// The scenarios of one file.
pub(crate) fn read(feature: &str, text: &str) -> Result<Vec<Scenario>, GherkinError> {
    let error = |line: usize, what: &str| GherkinError { file: feature.into(), line: line + 1, what: what.into() };
    let mut place = Place::Head;
    let (mut feature_tags, mut tags) = (Vec::new(), Vec::new());
    let mut background = Vec::<Step>::new();
    let mut drafts = Vec::<Draft>::new();
    let lines = text.lines().collect::<Vec<_>>();
    let mut at = 0;
    while at < lines.len() {
        let (number, line) = (at, lines[at].trim());
        at += 1;
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with('@') {
            tags.extend(line.split_whitespace().map(str::to_owned));
        } else if line.starts_with("Feature:") {
            feature_tags = std::mem::take(&mut tags);
        } else if line.starts_with("Background:") {
            place = Place::Background;
        } else if let Some((outline, name)) = title(line) {
            place = Place::Scenario;
            let tags = feature_tags.iter().cloned().chain(std::mem::take(&mut tags)).collect();
            drafts.push(Draft { name: name.into(), tags, outline, ..Draft::default() });
        } else if line.starts_with("Examples:") || line.starts_with("Scenarios:") {
            place = Place::Examples;
            tags.clear();
            let draft = drafts.last_mut().ok_or_else(|| error(number, "examples without an outline"))?;
            draft.examples.push(Vec::new());
        } else if line.starts_with("\"\"\"") || line.starts_with("```") {
            let fence = &line[..3];
            let indent = lines[number].len() - lines[number].trim_start().len();
            let mut doc = Vec::new();
            loop {
                let Some(inner) = lines.get(at) else { return Err(error(number, "doc string without an end")) };
                at += 1;
                if inner.trim() == fence {
                    break;
                }
                let blank = inner.len() - inner.trim_start().len();
                doc.push(&inner[blank.min(indent)..]);
            }
            let steps = if place == Place::Background {
                Some(&mut background)
            } else {
                drafts.last_mut().map(|d| &mut d.steps)
            };
            let step = steps.and_then(|s| s.last_mut()).ok_or_else(|| error(number, "doc string without a step"))?;
            step.doc = Some(doc.join("\n"));
        } else if line.starts_with('|') {
            let row = cells(line);
            match place {
                Place::Examples => {
                    let table = drafts.last_mut().and_then(|d| d.examples.last_mut());
                    table.ok_or_else(|| error(number, "row without examples"))?.push(row);
                }
                Place::Background => {
                    background.last_mut().ok_or_else(|| error(number, "row without a step"))?.table.push(row)
                }
                _ => {
                    let step = drafts.last_mut().and_then(|d| d.steps.last_mut());
                    step.ok_or_else(|| error(number, "row without a step"))?.table.push(row);
                }
            }
        } else if let Some(text) = step_text(line) {
            let step = Step { text: text.into(), line: number + 1, ..Step::default() };
            match place {
                Place::Background => background.push(step),
                Place::Scenario => {
                    drafts.last_mut().ok_or_else(|| error(number, "step without a scenario"))?.steps.push(step)
                }
                _ => return Err(error(number, "step outside a scenario")),
            }
        } else if place != Place::Head {
            return Err(error(number, "not a line of Gherkin"));
        }
    }
    Ok(drafts.into_iter().flat_map(|draft| expand(feature, &background, draft)).collect())
}

fn title(line: &str) -> Option<(bool, &str)> {
    let words = [("Scenario Outline:", true), ("Scenario Template:", true), ("Scenario:", false), ("Example:", false)];
    words.iter().find_map(|(word, outline)| line.strip_prefix(word).map(|name| (*outline, name.trim())))
}

fn step_text(line: &str) -> Option<&str> {
    ["Given ", "When ", "Then ", "And ", "But ", "* "].iter().find_map(|word| line.strip_prefix(word)).map(str::trim)
}

/// The cells of a table row: `\|` is a bar, `\\` a backslash, `\n` a line break; other backslashes stay.
fn cells(line: &str) -> Vec<String> {
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut chars = line.trim().chars().skip(1);
    while let Some(c) = chars.next() {
        match c {
            '|' => row.push(std::mem::take(&mut cell).trim().to_owned()),
            '\\' => match chars.next() {
                Some('|') => cell.push('|'),
                Some('\\') => cell.push('\\'),
                Some('n') => cell.push('\n'),
                Some(other) => cell.extend(['\\', other]),
                None => cell.push('\\'),
            },
            c => cell.push(c),
        }
    }
    row
}

fn expand(feature: &str, background: &[Step], draft: Draft) -> Vec<Scenario> {
    let build = |example: usize, fill: &dyn Fn(&str) -> String| Scenario {
        feature: feature.into(),
        name: fill(&draft.name),
        example,
        tags: draft.tags.clone(),
        steps: background
            .iter()
            .chain(&draft.steps)
            .map(|step| Step {
                text: fill(&step.text),
                doc: step.doc.as_deref().map(fill),
                table: step.table.iter().map(|row| row.iter().map(|cell| fill(cell)).collect()).collect(),
                line: step.line,
            })
            .collect(),
    };
    if !draft.outline {
        return vec![build(0, &str::to_owned)];
    }
    let mut scenarios = Vec::new();
    for table in &draft.examples {
        let Some((head, rows)) = table.split_first() else { continue };
        for row in rows {
            let fill = |text: &str| fill(text, head, row);
            scenarios.push(build(scenarios.len() + 1, &fill));
        }
    }
    scenarios
}

/// Replaces each `<column>` by the row's cell, in one pass, so that a cell's own `<…>` stays as it is.
fn fill(text: &str, head: &[String], row: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    'next: while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        for (column, cell) in head.iter().zip(row) {
            if let Some(after) = rest[1..].strip_prefix(column.as_str()).and_then(|r| r.strip_prefix('>')) {
                out.push_str(cell);
                rest = after;
                continue 'next;
            }
        }
        out.push('<');
        rest = &rest[1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_backgrounds_tables_and_doc_strings() {
        let text = "@f\nFeature: F\n words\n Background:\n  Given an empty graph\n @t\n Scenario Outline: [1] a <x>\n  # note\n  When executing query:\n   \"\"\"\n   RETURN <x>\n     AS y\n   \"\"\"\n  Then the result should be, in any order:\n   | y \\| z |\n   | <x> |\n\n  Examples:\n   | x |\n   | 'a\\\\\\\\b' |\n   | 2 |\n";
        let scenarios = read("f", text).expect("well formed");
        assert_eq!(scenarios.len(), 2);
        let first = &scenarios[0];
        assert_eq!(first.id(), "f: [1] a 'a\\\\b' #1");
        assert!(first.tagged("@t") && first.tagged("@f"));
        assert_eq!(first.steps.len(), 3);
        assert_eq!(first.text_of("executing query"), Some("RETURN 'a\\\\b'\n  AS y"));
        assert_eq!(first.steps[2].table, [["y | z"], ["'a\\\\b'"]]);
        assert_eq!(scenarios[1].text_of("executing query"), Some("RETURN 2\n  AS y"));
    }

    #[test]
    fn the_whole_kit_reads() {
        let Some(folder) = features() else { return };
        let scenarios = read_folder(&folder).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scenarios.len(), 3897);
        let mut ids = scenarios.iter().map(Scenario::id).collect::<Vec<_>>();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), scenarios.len(), "ids are unique");
    }
}
