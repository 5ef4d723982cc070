//! Completion, hints, highlighting and multi-line input: from what the parser expects at the cursor, and the graph.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::commands;
use crate::graph::{Direction, Graph, NodeId};
use crate::query::parse::{Completeness, Expected, completeness, expected_at};
use crate::query::question::Vocabulary;
use crate::render::{Form, clean};
use crate::text::fold;

/// Candidates that are shown at most.
const MOST: usize = 60;

/// Keywords that are highlighted where they stand in capitals.
const KEYWORDS: [&str; 40] = [
    "MATCH", "OPTIONAL", "WHERE", "RETURN", "WITH", "UNWIND", "ORDER", "BY", "SKIP", "OFFSET", "LIMIT", "DISTINCT",
    "AS", "AND", "OR", "XOR", "NOT", "IN", "IS", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "UNION", "ALL", "ANY",
    "SHORTEST", "EXISTS", "COUNT", "EXPLAIN", "PROFILE", "STARTS", "ENDS", "CONTAINS", "DESC", "ASC", "CREATE",
    "DELETE",
];

/// Whether a name that is completed stands in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Never,
    Alone,
    Always,
}

/// What stands by while a line is typed.
#[derive(Helper)]
pub(super) struct Assistant {
    graph: Arc<Graph>,
    colour: bool,
    words: Vec<String>,
}

impl Assistant {
    pub(super) fn new(graph: Arc<Graph>, colour: bool) -> Assistant {
        let mut words: Vec<String> = Vec::new();
        for vocabulary in Vocabulary::builtin() {
            words.extend(vocabulary.words_of_forms());
        }
        words.sort();
        words.dedup();
        Assistant { graph, colour, words }
    }

    fn kind(&self, node: NodeId) -> &str {
        self.graph.node_labels(node).last().map_or("", |l| self.graph.label_name(l))
    }

    /// Names that begin with some text, with or without å ä ö, those with most facts first.
    fn names(&self, typed: &str) -> Vec<NodeId> {
        let folded = fold(typed);
        if folded.is_empty() {
            return Vec::new();
        }
        let index = self.graph.names();
        // Documents last: they are named in few questions.
        let document = self.graph.label_id("Document");
        let late = |node| document.is_some_and(|d| self.graph.has_label(node, d));
        let mut found: Vec<((bool, bool), usize, NodeId)> = Vec::new();
        let starts = index.folded_prefix(&folded).map(|h| (false, h.node));
        let inside = index.word_prefix(&folded).map(|h| (true, h.node));
        for (later, node) in starts.chain(inside).take(2_000) {
            if !found.iter().any(|f| f.2 == node) {
                found.push(((late(node), later), self.graph.degree(node, None, Direction::Both), node));
            }
        }
        found.sort_by(|a, b| {
            a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| self.graph.node_name(a.2).cmp(self.graph.node_name(b.2)))
        });
        found.into_iter().map(|f| f.2).take(MOST).collect()
    }

    /// Names as candidates. In a question one that is alone gets quotes where it has spaces; of several the quotes would
    /// hide what they have in common, and bare names are understood too.
    fn name_pairs(&self, typed: &str, quotes: Quotes) -> Vec<Pair> {
        let found = self.names(typed);
        let alone = found.len() == 1;
        found
            .into_iter()
            .map(|n| {
                let name = clean(self.graph.node_name(n));
                let quoted = match quotes {
                    Quotes::Never => false,
                    Quotes::Alone => alone && name.contains(' '),
                    Quotes::Always => true,
                };
                let replacement = if quoted && !name.contains('"') { format!("\"{name}\"") } else { name.clone() };
                Pair { display: format!("{name}  ({})", self.kind(n)), replacement }
            })
            .collect()
    }

    fn plain(words: impl IntoIterator<Item = String>, typed: &str) -> Vec<Pair> {
        let folded = fold(typed);
        words
            .into_iter()
            .filter(|w| fold(w).starts_with(&folded))
            .take(MOST)
            .map(|w| Pair { display: w.clone(), replacement: w })
            .collect()
    }

    /// Of a question: the words of the forms, and names from the start of any word on, the longest first.
    fn question(&self, line: &str, pos: usize) -> (usize, Vec<Pair>) {
        let before = &line[..pos];
        let start =
            before.rfind(char::is_whitespace).map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
        let typed = &before[start..];
        if let Some(open) = before.rfind('"').filter(|i| before[..=*i].matches('"').count() % 2 == 1) {
            return (open, self.name_pairs(&before[open + 1..], Quotes::Always));
        }
        // A name of several words: try from three words back.
        let mut from = start;
        let mut best: Option<(usize, Vec<Pair>)> = None;
        for _ in 0..4 {
            let pairs = self.name_pairs(&before[from..], Quotes::Alone);
            if !before[from..].trim().is_empty() && !pairs.is_empty() {
                best = Some((from, pairs));
            }
            let Some(space) = before[..from].trim_end().rfind(char::is_whitespace) else { break };
            from = space + 1;
        }
        let mut words = Self::plain(self.words.iter().cloned(), typed);
        if typed.is_empty() {
            words.truncate(0);
        }
        match best {
            Some((at, pairs)) if at < start => (at, pairs),
            Some((_, pairs)) => {
                // A word with a capital, or of which the forms know nothing, is a name first.
                if typed.starts_with(char::is_uppercase) {
                    let mut all = pairs;
                    all.extend(words);
                    (start, all)
                } else {
                    words.extend(pairs);
                    (start, words)
                }
            }
            None => (start, words),
        }
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let pos = (0..=pos.min(line.len())).rev().find(|&i| line.is_char_boundary(i)).unwrap_or(0);
        if let Some(command) = line[..pos].strip_prefix(':') {
            return Ok(match command.split_once(' ') {
                None => (1, Self::plain(commands::NAMES.iter().map(|&n| n.to_owned()), command)),
                Some(("mode", typed)) => {
                    (pos - typed.len(), Self::plain(Form::ALL.iter().map(|f| f.1.to_owned()), typed))
                }
                Some(("help", typed)) => (
                    pos - typed.len(),
                    Self::plain(super::help::TOPICS.iter().map(|t| t.0.to_owned()).filter(|t| !t.is_empty()), typed),
                ),
                Some(("find" | "show", typed)) => (pos - typed.len(), self.name_pairs(typed, Quotes::Never)),
                Some(_) => (pos, Vec::new()),
            });
        }
        let at = expected_at(line, pos);
        if at.expected.contains(&Expected::QuestionWord) {
            return Ok(self.question(line, pos));
        }
        let typed = line.get(at.start..pos).unwrap_or_default();
        let graph = &self.graph;
        let mut out: BTreeMap<String, ()> = BTreeMap::new();
        for expected in &at.expected {
            match expected {
                Expected::Keyword(word) => _ = out.insert((*word).to_owned(), ()),
                Expected::Label => out.extend(
                    graph.labels().filter(|&l| graph.label_count(l) > 0).map(|l| (graph.label_name(l).to_owned(), ())),
                ),
                Expected::Relation => out.extend(
                    graph
                        .relations()
                        .filter(|&r| graph.relation_count(r) > 0)
                        .map(|r| (graph.relation_name(r).to_owned(), ())),
                ),
                Expected::Property => out.extend(graph.keys().map(|k| (graph.key_name(k).to_owned(), ()))),
                Expected::Text => {
                    return Ok((at.start, self.name_pairs(typed.trim_start_matches(['\'', '"']), Quotes::Never)));
                }
                _ => {}
            }
        }
        Ok((at.start, Self::plain(out.into_keys(), typed)))
    }
}

impl Hinter for Assistant {
    type Hint = String;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<String> {
        if pos < line.len() || line.trim().is_empty() {
            return None;
        }
        let (start, pairs) = self.complete(line, pos, context).ok()?;
        let typed = line.get(start..)?;
        let only = pairs.first().filter(|_| typed.chars().count() >= 3)?;
        only.replacement.strip_prefix(typed).filter(|rest| !rest.is_empty()).map(str::to_owned)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        let mut out = String::with_capacity(line.len() * 2);
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let (length, style) = if c == '\'' || c == '"' {
                let end = rest[1..].find(c).map_or(rest.len(), |i| i + 2);
                (end, Some("\x1b[32m"))
            } else if c.is_alphabetic() || c == '_' {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                let word = &rest[..end];
                let keyword = KEYWORDS.contains(&word);
                let relation = self.graph.relation_id(word).is_some();
                let label = self.graph.label_id(word).is_some();
                (
                    end,
                    if keyword {
                        Some("\x1b[1;34m")
                    } else if relation {
                        Some("\x1b[35m")
                    } else if label {
                        Some("\x1b[36m")
                    } else {
                        None
                    },
                )
            } else if c.is_ascii_digit() {
                (rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()), Some("\x1b[33m"))
            } else {
                (c.len_utf8(), None)
            };
            match style {
                Some(style) => {
                    out.push_str(style);
                    out.push_str(&rest[..length]);
                    out.push_str("\x1b[0m");
                }
                None => out.push_str(&rest[..length]),
            }
            rest = &rest[length..];
        }
        Cow::Owned(out)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("\x1b[2m{hint}\x1b[0m")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let text = context.input();
        // A blank line ends a statement whatever it lacks.
        if text.starts_with(':') || text.ends_with("\n\n") || text.ends_with("\n") {
            return Ok(ValidationResult::Valid(None));
        }
        Ok(match completeness(text) {
            Completeness::Incomplete => ValidationResult::Incomplete,
            _ => ValidationResult::Valid(None),
        })
    }
}

/// A question that this graph answers: between the two regions with the most facts.
pub(super) fn example(graph: &Graph) -> Option<String> {
    let region = graph.label_id("Region")?;
    let mut regions: Vec<(usize, NodeId)> =
        graph.nodes_with_label(region).map(|n| (graph.degree(n, None, Direction::Both), n)).collect();
    regions.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| graph.node_name(a.1).cmp(graph.node_name(b.1))));
    match regions.as_slice() {
        [(_, a), (_, b), ..] => Some(format!("which partners link {} to {}", graph.node_name(*a), graph.node_name(*b))),
        _ => None,
    }
}
