//! The commands of the shell, those that begin with `:`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rustyline::history::{FileHistory, History, SearchDirection};

use super::{Shell, help, println_out};
use crate::cli::explain::{evidence_lines, fact_line};
use crate::cli::folders::saved_query;
use crate::cli::output::{complain, page, remark, write_file};
use crate::cli::query::parameter;
use crate::graph::{Direction, EdgeId, Graph};
use crate::query::names;
use crate::query::parse::nearest;
use crate::query::value::Value;
use crate::render::{self, Form, clean};

/// The commands, for completion and for "did you mean".
pub(super) const NAMES: [&str; 18] = [
    "help", "schema", "find", "show", "why", "param", "mode", "limit", "timer", "explain", "profile", "last", "dot",
    "save", "run", "history", "quit", "exit",
];

impl Shell {
    /// Does a command; `true` where the user leaves.
    pub(super) fn command(&mut self, line: &str, history: &FileHistory) -> bool {
        let (name, rest) =
            line.trim().split_once(char::is_whitespace).map_or((line.trim(), ""), |(n, r)| (n, r.trim()));
        match name {
            "quit" | "exit" | "q" => return true,
            "help" | "h" | "?" => match help::text(rest) {
                Some(text) => println_out(text),
                None => complain(&format!("there is no help on `{rest}`; topics are questions, match, commands")),
            },
            "schema" => println_out(&schema(&self.graph)),
            "find" => self.find(rest),
            "show" => self.statements(&format!("what is \"{}\"", rest.trim_matches('"'))),
            "why" => self.why(rest),
            "param" => match rest.split_once([' ', '=']) {
                Some((name, value)) => {
                    self.manner.params.insert(name.trim_start_matches('$').to_owned(), parameter(value.trim()));
                }
                None if rest.is_empty() => {
                    for (name, value) in &self.manner.params {
                        println_out(&format!("${name} = {}", render::value_text(value, &self.graph)));
                    }
                }
                None => complain("write :param NAME VALUE"),
            },
            "mode" => match Form::from_word(rest) {
                Some(form) => self.manner.form = form,
                None => complain(&format!("`{rest}` is no form; forms are {}", Form::ALL.map(|f| f.1).join(", "))),
            },
            "limit" => match rest.parse() {
                Ok(n) => self.manner.limit = Some(n),
                Err(_) => complain("write :limit N, with 0 for all rows"),
            },
            "timer" => {
                self.timer = !self.timer;
                remark(if self.timer { "timer on" } else { "timer off" });
            }
            "explain" => self.statements(&format!("EXPLAIN {rest}")),
            "profile" => self.statements(&format!("PROFILE {rest}")),
            "last" => match self.last.take() {
                Some((statement, answer)) => {
                    self.show(&statement, &answer);
                    self.last = Some((statement, answer));
                }
                None => complain("nothing was asked yet"),
            },
            "dot" => self.dot(rest),
            "save" => self.save(rest),
            "run" => self.run_saved(rest),
            "history" => {
                for i in 0..history.len() {
                    if let Ok(Some(entry)) = history.get(i, SearchDirection::Forward) {
                        println_out(&clean(&entry.entry));
                    }
                }
            }
            other => {
                let near = nearest(other, NAMES)
                    .map_or_else(|| "; :help commands lists them".to_owned(), |n| format!("; did you mean :{n}?"));
                complain(&format!("there is no command :{}{near}", clean(other)));
            }
        }
        false
    }

    fn find(&self, name: &str) {
        if name.is_empty() {
            return complain("write :find NAME");
        }
        let graph = &self.graph;
        let mut out = String::new();
        let mut nodes = names::resolve(graph, name, &|_| true).map(|r| r.nodes).unwrap_or_default();
        let folded = crate::text::fold(name);
        let index = graph.names();
        let starts = index.folded_prefix(&folded).chain(index.word_prefix(&folded)).map(|hit| hit.node).take(2_000);
        let inside = index.containing(&folded);
        for node in starts.chain(inside).chain(names::nearest(graph, name, &|_| true, 10)) {
            if nodes.len() < 20 && !nodes.contains(&node) {
                nodes.push(node);
            }
        }
        for node in nodes.into_iter().take(20) {
            let labels: Vec<&str> = graph.node_labels(node).map(|l| graph.label_name(l)).collect();
            let _ = writeln!(
                out,
                "{} :{} ({} facts)",
                clean(graph.node_name(node)),
                labels.join(":"),
                graph.degree(node, None, Direction::Both)
            );
        }
        println_out(if out.is_empty() { "nothing is called so, or nearly so" } else { &out });
    }

    /// The facts that a row of the last answer stands on.
    fn why(&self, number: &str) {
        let Some((_, answer)) = &self.last else { return complain("nothing was asked yet") };
        let row = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|i| answer.rows.get(i));
        let Some(row) = row else {
            return complain(&format!("write :why N, with a row from 1 to {}", answer.rows.len()));
        };
        let mut edges = BTreeSet::new();
        for value in row {
            collect(value, &mut edges);
        }
        if edges.is_empty() {
            // A row of a relation question: the facts between its entities, and those it has with what was asked for.
            let nodes: Vec<_> =
                row.iter().filter_map(|v| if let Value::Node(n) = v { Some(*n) } else { None }).collect();
            let asked = answer.subjects.iter().copied();
            let others: Vec<_> = nodes.iter().copied().chain(asked).collect();
            for &n in &nodes {
                edges.extend(
                    self.graph.neighbours(n, None, Direction::Both).filter(|(m, _)| others.contains(m)).map(|(_, e)| e),
                );
            }
        }
        let mut out = String::new();
        for edge in edges {
            let _ = writeln!(out, "{}", fact_line(&self.graph, edge));
            match evidence_lines(&self.graph, edge) {
                Ok(lines) => out.push_str(&lines),
                Err(e) => return complain(&e.message),
            }
        }
        if out.is_empty() {
            out.push_str("this row stands on no single fact; `samband why GRAPH A RELATION B` asks for one\n");
        }
        page(&out, self.manner.config.pager.as_deref());
    }

    fn dot(&self, file: &str) {
        let Some((_, answer)) = &self.last else { return complain("nothing was asked yet") };
        let text = render::answer(answer, &self.graph, Form::Dot, &render::TableStyle::default());
        if file.is_empty() {
            return println_out(&text);
        }
        match write_file(Path::new(file), &text) {
            Ok(()) => remark(&format!("{file} written; dot -Tsvg {file} -o {file}.svg draws it")),
            Err(e) => complain(&format!("cannot write {file}: {e}")),
        }
    }

    fn save(&self, name: &str) {
        let Some((statement, _)) = &self.last else { return complain("nothing was asked yet") };
        if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
            return complain("write :save NAME, with a name that is no path");
        }
        let path = PathBuf::from("queries").join(format!("{name}.sq"));
        if path.exists() {
            return complain(&format!("{} is there already; choose another name or remove it", path.display()));
        }
        let saved = std::fs::create_dir_all("queries")
            .and_then(|()| std::fs::write(&path, format!("// {statement}\n{statement};\n")));
        match saved {
            Ok(()) => remark(&format!("saved as {}; :run {name} asks it again", path.display())),
            Err(e) => complain(&format!("cannot write {}: {e}", path.display())),
        }
    }

    fn run_saved(&mut self, rest: &str) {
        let words = words(rest);
        let Some((name, given)) = words.split_first() else { return complain("write :run NAME [parameter=value …]") };
        let Some(path) = saved_query(Path::new(name), self.manner.folders.as_ref()) else {
            return complain(&format!(
                "there is no saved query `{name}`: looked for it as a file, in ./queries and in the data folder"
            ));
        };
        let before = self.manner.params.clone();
        for word in given {
            match word.split_once('=') {
                Some((n, v)) => {
                    self.manner.params.insert(n.trim_start_matches('$').to_owned(), parameter(v));
                }
                None => {
                    self.manner.params = before;
                    return complain(&format!(
                        "`{word}`: write parameter=value, with quotes around a value that has spaces"
                    ));
                }
            }
        }
        match std::fs::read_to_string(&path) {
            Ok(text) => self.statements(&text),
            Err(e) => complain(&format!("cannot read {}: {e}", path.display())),
        }
        self.manner.params = before;
    }
}

/// The words of a line, those in quotes together and the quotes kept.
fn words(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match quote {
            None if c.is_whitespace() => out.push(String::new()),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(q) if q == c => quote = None,
            _ => {}
        }
        if quote.is_some() || !c.is_whitespace() {
            out.last_mut().into_iter().for_each(|word| word.push(c));
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// The facts that a value holds.
fn collect(value: &Value, edges: &mut BTreeSet<EdgeId>) {
    match value {
        Value::Edge(e) => {
            edges.insert(*e);
        }
        Value::Path(p) => edges.extend(&p.edges),
        Value::List(items) => items.iter().for_each(|v| collect(v, edges)),
        Value::Map(m) => m.values().for_each(|v| collect(v, edges)),
        _ => {}
    }
}

/// Labels and relations with their numbers.
fn schema(graph: &Graph) -> String {
    let mut out = String::from("labels\n");
    for label in graph.labels().filter(|&l| graph.label_count(l) > 0) {
        let _ = writeln!(out, "  {:24} {:>8}", clean(graph.label_name(label)), graph.label_count(label));
    }
    out.push_str("relations\n");
    for relation in graph.relations().filter(|&r| graph.relation_count(r) > 0) {
        let _ = writeln!(out, "  {:24} {:>8}", clean(graph.relation_name(relation)), graph.relation_count(relation));
    }
    out
}
