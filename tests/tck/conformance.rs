//! Runs the openCypher TCK. The core (read-only, no temporal values, no procedures, not marked `@ignore`) is held to a
//! committed manifest: what has passed once must pass. The rest is run and its figure printed.
//!
//! Errors are compared by type, phase and detail. Side effects are observed on the graph before and after.
//! `SAMBAND_BLESS=1` writes the manifest anew; `SAMBAND_REQUIRE_SHARED=1` makes a missing kit an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use regex::Regex;
use samband::graph::{EdgeId, Graph, NodeId};
use samband::query::answer::{Answer, Options, Params, QueryError};
use samband::query::error::Phase;
use samband::query::scratch::Scratch;

use super::expect;
use super::gherkin::{Scenario, Step, features, read_folder};

/// To which part of the TCK a scenario belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Core,
    Ignored,
    Temporal,
    Write,
    Procedures,
}

struct Sorter {
    writes: Regex,
    calls: Regex,
    temporal: Regex,
    strings: Regex,
}

impl Sorter {
    fn new() -> Sorter {
        let regex = |r: &str| Regex::new(r).unwrap_or_else(|e| panic!("{e}"));
        Sorter {
            writes: regex(r"(?i)\b(CREATE|MERGE|SET|DELETE|REMOVE)\b"),
            calls: regex(r"(?i)\bCALL\b"),
            temporal: regex(r"(?i)\b(date|time|datetime|localtime|localdatetime|duration)(\.\w+)?\s*\("),
            strings: regex(r#"'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|//[^\n]*|`[^`]*`"#),
        }
    }

    fn part(&self, s: &Scenario) -> Part {
        let query = self.strings.replace_all(s.text_of("executing query").unwrap_or(""), "''");
        if self.calls.is_match(&query) {
            Part::Procedures
        } else if self.writes.is_match(&query) {
            Part::Write
        } else if s.feature.starts_with("expressions/temporal")
            || s.steps.iter().filter_map(|step| step.doc.as_deref()).any(|doc| self.temporal.is_match(doc))
        {
            Part::Temporal
        } else if s.tagged("@ignore") {
            Part::Ignored
        } else {
            Part::Core
        }
    }
}

/// What of a graph a statement can change.
#[derive(Default)]
struct Snapshot {
    nodes: BTreeSet<String>,
    edges: BTreeMap<String, usize>,
    labels: BTreeSet<String>,
    properties: BTreeMap<String, usize>,
}

/// Gives every node an identifier that survives changes around it.
fn mark(graph: &Graph) -> Result<Graph, String> {
    let mut builder = graph.thaw().map_err(|e| e.to_string())?;
    for n in graph.nodes() {
        builder.set_node_id(n, &format!("before-{}", n.0)).map_err(|e| e.to_string())?;
    }
    builder.freeze().map_err(|e| e.to_string())
}

fn snapshot(graph: &Graph) -> Snapshot {
    let mut s = Snapshot::default();
    let id = |n: NodeId| graph.node_own_id(n).into_owned();
    for n in graph.nodes() {
        s.nodes.insert(id(n));
        s.labels.extend(graph.node_labels(n).map(|l| graph.label_name(l).to_owned()));
        for (k, v) in graph.node_properties(n) {
            let text = format!("{} {} {}", id(n), graph.key_name(k), expect::stored(&v).text(false));
            *s.properties.entry(text).or_default() += 1;
        }
    }
    for e in graph.edges() {
        let e: EdgeId = e;
        let (from, relation, to) = graph.edge(e);
        let text = format!("{} {} {}", id(from), graph.relation_name(relation), id(to));
        for (k, v) in graph.edge_properties(e) {
            let text = format!("{text} {} {}", graph.key_name(k), expect::stored(&v).text(false));
            *s.properties.entry(text).or_default() += 1;
        }
        *s.edges.entry(text).or_default() += 1;
    }
    s
}

/// What is more in `a` than in `b`.
fn more(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>) -> usize {
    a.iter().map(|(k, n)| n.saturating_sub(b.get(k).copied().unwrap_or(0))).sum()
}

fn side_effects(before: &Snapshot, after: &Snapshot) -> BTreeMap<&'static str, usize> {
    let mut all = BTreeMap::from([
        ("+nodes", after.nodes.difference(&before.nodes).count()),
        ("-nodes", before.nodes.difference(&after.nodes).count()),
        ("+relationships", more(&after.edges, &before.edges)),
        ("-relationships", more(&before.edges, &after.edges)),
        ("+labels", after.labels.difference(&before.labels).count()),
        ("-labels", before.labels.difference(&after.labels).count()),
        ("+properties", more(&after.properties, &before.properties)),
        ("-properties", more(&before.properties, &after.properties)),
    ]);
    all.retain(|_, n| *n > 0);
    all
}

struct Runner<'k> {
    kit: &'k Path,
    scratch: Scratch,
    params: Params,
    options: Options,
    outcome: Option<Result<Answer, QueryError>>,
    before: Graph,
    query: String,
    /// Whether side effects are to be counted.
    counts: bool,
}

impl Runner<'_> {
    fn step(&mut self, step: &Step) -> Result<(), String> {
        let doc = || step.doc.clone().ok_or_else(|| format!("line {}: no text", step.line));
        match step.text.as_str() {
            "an empty graph" | "any graph" => Ok(()),
            text if text.starts_with("the binary-tree-") => {
                let name = text.trim_start_matches("the ").trim_end_matches(" graph");
                let file = self.kit.join("graphs").join(name).join(format!("{name}.cypher"));
                let text = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
                for statement in text.split(';').filter(|s| !s.trim().is_empty()) {
                    self.set_up(statement)?;
                }
                Ok(())
            }
            "having executed:" => self.set_up(&doc()?),
            "parameters are:" => {
                for row in &step.table {
                    let [name, value] = row.as_slice() else { return Err("a parameter is a name and a value".into()) };
                    self.params.insert(name.clone(), expect::read(value)?.value()?);
                }
                Ok(())
            }
            text if text.starts_with("there exists a procedure") => Err("procedures are not supported".into()),
            "executing query:" | "executing control query:" => {
                self.query = doc()?;
                self.before = self.scratch.graph().clone();
                if self.counts {
                    self.before = mark(&self.before)?;
                    self.scratch = Scratch::over(self.before.clone());
                }
                self.outcome = Some(self.scratch.run(&self.query, &self.params, &self.options));
                Ok(())
            }
            "the result should be, in any order:" => self.rows(step, false, false),
            "the result should be, in order:" => self.rows(step, true, false),
            "the result should be (ignoring element order for lists):" => self.rows(step, false, true),
            "the result should be, in order (ignoring element order for lists):" => self.rows(step, true, true),
            "the result should be empty" => {
                let answer = self.answer()?;
                if answer.rows.is_empty() { Ok(()) } else { Err(format!("{} rows, none wanted", answer.rows.len())) }
            }
            "no side effects" => self.effects(&BTreeMap::new()),
            "the side effects should be:" => {
                let mut wanted = BTreeMap::new();
                for row in &step.table {
                    let [name, count] = row.as_slice() else {
                        return Err("a side effect is a name and a count".into());
                    };
                    wanted.insert(name.as_str(), count.parse().map_err(|_| format!("`{count}` is no count"))?);
                }
                self.effects(&wanted)
            }
            text if text.contains(" should be raised at ") => self.error(text),
            other => Err(format!("unknown step `{other}`")),
        }
    }

    fn set_up(&mut self, statement: &str) -> Result<(), String> {
        let done = self.scratch.run(statement, &Params::new(), &self.options);
        done.map(|_| ()).map_err(|e| format!("set-up: {e}"))
    }

    fn answer(&self) -> Result<&Answer, String> {
        match &self.outcome {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(e)) => Err(format!("{} {} {}: {e}", e.error_type.word(), e.phase, e.detail.word())),
            None => Err("nothing was executed".into()),
        }
    }

    fn rows(&self, step: &Step, in_order: bool, any_element_order: bool) -> Result<(), String> {
        let answer = self.answer()?;
        let Some((head, wanted)) = step.table.split_first() else { return Err("no table".into()) };
        // The order of columns is given by the statement, but for a star.
        let places: Option<Vec<usize>> = if answer.columns == *head {
            Some((0..head.len()).collect())
        } else if self.query.contains('*') && answer.columns.len() == head.len() {
            head.iter().map(|h| answer.columns.iter().position(|c| c == h)).collect()
        } else {
            None
        };
        let Some(places) = places else { return Err(format!("columns {:?}, wanted {head:?}", answer.columns)) };
        let graph = self.scratch.graph();
        let mut got: Vec<Vec<String>> = Vec::new();
        for row in &answer.rows {
            got.push(places.iter().map(|p| expect::actual(&row[*p], graph).text(any_element_order)).collect());
        }
        let mut want: Vec<Vec<String>> = Vec::new();
        for row in wanted {
            let cells = row.iter().map(|c| expect::read(c).map(|c| c.text(any_element_order)));
            want.push(cells.collect::<Result<_, _>>()?);
        }
        if !in_order {
            got.sort();
            want.sort();
        }
        if got == want { Ok(()) } else { Err(format!("rows {got:?}, wanted {want:?}")) }
    }

    fn effects(&self, wanted: &BTreeMap<&str, usize>) -> Result<(), String> {
        let after = self.scratch.graph();
        if wanted.is_empty() && after.as_bytes() == self.before.as_bytes() {
            return Ok(());
        }
        let got = side_effects(&snapshot(&self.before), &snapshot(after));
        if got == *wanted { Ok(()) } else { Err(format!("side effects {got:?}, wanted {wanted:?}")) }
    }

    fn error(&self, text: &str) -> Result<(), String> {
        // "a TypeError should be raised at compile time: Detail"
        let (kind, rest) = text.split_once(" should be raised at ").unwrap_or((text, ""));
        let kind = kind.split_whitespace().last().unwrap_or("");
        let (phase, detail) = rest.split_once(": ").unwrap_or((rest, "*"));
        let e = match &self.outcome {
            Some(Err(e)) => e,
            Some(Ok(a)) => return Err(format!("{} rows, wanted {kind} {detail}", a.rows.len())),
            None => return Err("nothing was executed".into()),
        };
        let phase_fits = match phase {
            "compile time" => e.phase == Phase::Compile,
            "runtime" => e.phase == Phase::Runtime,
            _ => true,
        };
        if e.error_type.word() == kind && phase_fits && (detail == "*" || e.detail.word() == detail) {
            Ok(())
        } else {
            let (got, at) = (e.error_type.word(), e.phase);
            Err(format!("{got} {at} {}: {e}; wanted {kind} {phase} {detail}", e.detail.word()))
        }
    }
}

fn run(scenario: &Scenario, kit: &Path) -> Result<(), String> {
    let scratch = Scratch::new().map_err(|e| e.to_string())?;
    let before = scratch.graph().clone();
    let (params, options) = (Params::new(), Options::default());
    let counts = scenario.steps.iter().any(|s| s.text == "the side effects should be:");
    let mut runner = Runner { kit, scratch, params, options, outcome: None, before, query: String::new(), counts };
    scenario.steps.iter().try_for_each(|step| runner.step(step))
}

/// The manifest of what passes.
fn manifest() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tck/passes.txt")
}

#[test]
fn the_core_passes_as_the_manifest_says() {
    let Some(folder) = features() else {
        assert!(std::env::var_os("SAMBAND_REQUIRE_SHARED").is_none(), "the openCypher TCK is required and not there");
        return;
    };
    let kit = folder.parent().expect("the features lie in the kit").to_owned();
    let scenarios = read_folder(&folder).unwrap_or_else(|e| panic!("{e}"));
    let sorter = Sorter::new();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(8 << 20).build().expect("threads");
    let results: Vec<(Part, Result<(), String>)> =
        pool.install(|| scenarios.par_iter().map(|s| (sorter.part(s), run(s, &kit))).collect());

    let mut categories: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut parts: BTreeMap<Part, [usize; 2]> = BTreeMap::new();
    let mut passes = BTreeSet::new();
    let mut failures = String::new();
    for (scenario, (part, result)) in scenarios.iter().zip(&results) {
        let passed = usize::from(result.is_ok());
        let of_part = parts.entry(*part).or_default();
        *of_part = [of_part[0] + passed, of_part[1] + 1];
        if *part == Part::Core {
            let category = scenario.feature.rsplit_once('/').map_or("", |(c, _)| c).to_owned();
            let of_category = categories.entry(category).or_default();
            *of_category = [of_category[0] + passed, of_category[1] + 1];
            if result.is_ok() {
                passes.insert(scenario.id());
            }
        }
        if let Err(e) = result {
            let _ = writeln!(failures, "{part:?} {}: {e}", scenario.id());
        }
    }
    if let Some(file) = std::env::var_os("SAMBAND_TCK_FAILURES") {
        fs::write(file, failures).expect("the file of failures can be written");
    }
    println!("openCypher TCK, core by category (passed of all):");
    for (category, [passed, all]) in &categories {
        println!("  {category:<40} {passed:>5} of {all:>5}");
    }
    for (part, [passed, all]) in &parts {
        println!("{part:?}: {passed} of {all}");
    }

    if std::env::var_os("SAMBAND_BLESS").is_some() {
        let lines: String = passes.iter().fold(String::new(), |acc, id| acc + id + "\n");
        fs::write(manifest(), lines).expect("the manifest can be written");
        return;
    }
    let committed = fs::read_to_string(manifest()).expect("the manifest is there");
    let lost: Vec<&str> = committed.lines().filter(|id| !passes.contains(*id)).collect();
    assert!(lost.is_empty(), "{} scenarios of the manifest fail:\n{}", lost.len(), lost.join("\n"));
    assert_eq!(parts.get(&Part::Core).map(|p| p[1]), Some(2475), "the core has another size");
}
