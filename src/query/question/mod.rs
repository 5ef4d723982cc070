//! Questions in controlled language: forms and words from the vocabulary files, turned into patterns.
//!
//! A question is nothing but a short way to write a pattern: [`understand`] gives the text of that pattern, and the
//! engine runs it like any other. Which words are names is settled by the names themselves: every split is tried, and
//! the one whose names resolve at the best tier wins, longest names first.

mod pattern;
mod reading;
pub mod vocabulary;

use std::fmt::Write as _;

use self::pattern::{Expressions, literal, pattern};
use self::reading::{Name, Reading};
pub use self::vocabulary::{Meaning, Noun, Vocabulary};
use super::ast::{Question, Span, Token, TokenKind};
use super::error::{Candidate, Detail, ErrorType, QueryError};
use super::link;
use super::names::{self, Tier};
use crate::graph::{Direction, Graph, NodeId};
use crate::model::{Kind, Relation, Type};

/// A question as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The pattern that answers it.
    pub pattern: String,
    /// In one line, how it was read: entities resolved, relations meant.
    pub line: String,
    /// What it asks.
    pub meaning: Meaning,
    /// The entity called A.
    pub a: Option<NodeId>,
    /// The entity called B.
    pub b: Option<NodeId>,
    /// The most facts in a chain, where it asks for chains.
    pub steps: usize,
    /// The same pattern without its dates, where it has some: to count what was left out.
    pub undated_pattern: Option<String>,
}

/// A name of a reading with what it means.
struct Resolved {
    node: NodeId,
    tier: Tier,
    /// Said where the name was read as something else than it seems (a place as its body).
    remark: Option<String>,
}

/// What one reading comes to.
struct Outcome<'r> {
    reading: &'r Reading,
    worst: Tier,
    names: Vec<(char, Resolved)>,
}

/// Why a reading fails.
enum Failure {
    /// The name, and whether a document was asked for.
    Unknown(Name, bool),
    Ambiguous(Name, Vec<NodeId>, Tier),
    /// The noun cannot stand at that end of the relation.
    Noun(Relation, bool),
}

/// Whether what a noun stands for may be at an end of a relation.
fn noun_admits(noun: &Noun, relation: Relation, start: bool) -> bool {
    let labels: Vec<&str> = match noun {
        Noun::Anyone | Noun::Anything => return true,
        Noun::Municipality => vec!["Municipality", "PublicBody"],
        Noun::Labels(labels) => labels.iter().map(String::as_str).collect(),
    };
    let types = Type::ALL.iter().filter(|t| t.labels().iter().any(|l| labels.contains(l)));
    types.copied().any(|ty| {
        Type::ALL.iter().any(|&other| if start { relation.allows(ty, other) } else { relation.allows(other, ty) })
    })
}

/// What may stand at an end of a relation, in words.
fn end_in_words(relation: Relation, start: bool) -> String {
    let allowed = |ty: Type| {
        Type::ALL.iter().any(|&other| if start { relation.allows(ty, other) } else { relation.allows(other, ty) })
    };
    let kinds = [
        (Type::Person, "people"),
        (Type::Organisation, "organisations"),
        (Type::Region, "regions"),
        (Type::Agreement, "agreements"),
        (Type::Event, "events"),
    ];
    let words: Vec<&str> = kinds.iter().filter(|k| allowed(k.0)).map(|k| k.1).collect();
    words.join(", ")
}

/// Reads a question in the languages of the vocabularies.
///
/// # Errors
/// Where no form fits (the nearest forms are shown), a name is unknown (the nearest names) or ambiguous (all candidates).
pub fn understand(graph: &Graph, question: &Question, statement: &str) -> Result<Understood, QueryError> {
    let span = question.span;
    if question.tokens.len() > reading::MOST_WORDS {
        return Err(QueryError::compile(
            ErrorType::SyntaxError,
            Detail::NotUnderstood,
            format!("this question has {} words; {} are the most", question.tokens.len(), reading::MOST_WORDS),
        )
        .at(span)
        .help("ask for less at a time, or write a pattern: MATCH (a)-[r]->(b) RETURN a, r, b"));
    }
    let mut all: Vec<Reading> = Vec::new();
    for vocabulary in Vocabulary::builtin() {
        // A form of an earlier language wins a tie: its place comes first.
        let before = all.len();
        all.extend(
            reading::readings(vocabulary, &question.tokens, statement)
                .into_iter()
                .map(|r| Reading { order: before + r.order, ..r }),
        );
    }
    if all.is_empty() {
        return Err(not_understood(graph, question, span));
    }
    let mut best: Vec<Outcome<'_>> = Vec::new();
    let mut failures = Vec::new();
    for reading in &all {
        match resolve_names(graph, reading) {
            Ok(outcome) => best.push(outcome),
            Err(f) => failures.push((reading, f)),
        }
    }
    // The best tier, then the form that says most of the question itself, then the longest first name, then file order.
    best.sort_by_key(|o| {
        let length = |n: &Option<Name>| n.as_ref().map_or(0, |n| n.words);
        (
            o.worst.max(Tier::Folded),
            suffix_doubt(o.reading),
            std::cmp::Reverse(o.reading.said),
            std::cmp::Reverse(length(&o.reading.a)),
            std::cmp::Reverse(length(&o.reading.b)),
            o.worst,
            o.reading.order,
        )
    });
    match best.into_iter().next() {
        Some(outcome) => Ok(tell(graph, &outcome)),
        None => Err(failed(graph, question, failures)),
    }
}

/// A suffix that names something is a weaker reading than a form that takes the words in itself.
fn suffix_doubt(reading: &Reading) -> u8 {
    u8::from(reading.suffixes.region.is_some())
        + u8::from(reading.suffixes.document.is_some())
        + u8::from(reading.suffixes.except.is_some())
}

/// A question that fits no form: the word that is misspelt, or the nearest forms of its language.
fn not_understood(graph: &Graph, question: &Question, span: Span) -> QueryError {
    let all = Vocabulary::builtin();
    let first = question.tokens.first().map(|t| t.text.to_lowercase()).unwrap_or_default();
    let opens = |v: &&Vocabulary| v.opens_with(&first) || opener_near(v, &first);
    let shared = |v: &&Vocabulary| reading::shared(v, &question.tokens);
    // The language whose word stands first, and of several the one that most words are of.
    let speaks = all.iter().filter(opens).max_by_key(|v| (shared(v), v.language == "en"));
    let vocabulary = speaks.or_else(|| all.iter().filter(|v| shared(v) > 0).max_by_key(shared));
    let message = "this question fits none of the forms";
    let error = QueryError::compile(ErrorType::SyntaxError, Detail::NotUnderstood, message);
    let Some(vocabulary) = vocabulary else {
        return error.at(span).help(
            "ask for example: which partners link A to B · who works for A · which events take place in A · what is A; \
             `:help questions` lists all forms",
        );
    };
    let near: Vec<String> = reading::nearest(vocabulary, &question.tokens)
        .into_iter()
        .map(|form| plain_form(vocabulary, form, question))
        .collect();
    let forms = format!("the nearest forms are: {}", near.join(" · "));
    match misspelt(graph, vocabulary, question) {
        Some((token, meant)) => {
            error.at(token.span).help(format!("did you mean `{meant}` instead of `{}`? {forms}", token.text))
        }
        None => error.at(span).help(forms),
    }
}

/// Whether a word is nearly one with which questions begin.
fn opener_near(vocabulary: &Vocabulary, word: &str) -> bool {
    word.chars().count() >= 4
        && vocabulary
            .words_of_forms()
            .iter()
            .any(|w| w.len() > 3 && vocabulary.opens_with(w) && strsim::damerau_levenshtein(w, word) == 1)
}

/// The first word that no form, noun or name has, and the word of the vocabulary that it nearly is.
fn misspelt<'q>(graph: &Graph, vocabulary: &Vocabulary, question: &'q Question) -> Option<(&'q Token, String)> {
    let known: Vec<String> = vocabulary.words_of_forms().iter().flat_map(|w| w.split(' ')).map(str::to_owned).collect();
    question.tokens.iter().filter(|t| t.kind == TokenKind::Word).find_map(|token| {
        let word = token.text.to_lowercase();
        let named = graph.names().word(&crate::text::fold(&word)).next().is_some();
        if named || word.chars().count() < 4 || known.contains(&word) {
            return None;
        }
        let long = known.iter().map(String::as_str).filter(|w| w.chars().count() > 3);
        super::parse::nearest(&word, long).map(|meant| (token, meant.to_owned()))
    })
}

/// `(which|what) {T} (is|are) [a] member of {A}` as one would write it, with the words of the question where it has them.
fn plain_form(vocabulary: &Vocabulary, template: &str, question: &Question) -> String {
    let asked = |phrase: &&str| phrase.split(' ').all(|w| question.tokens.iter().any(|t| t.text.to_lowercase() == w));
    let mut out = String::new();
    let mut rest = template;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '(' => {
                let end = rest.find(')').unwrap_or(rest.len() - 1);
                let mut words = rest[1..end].split('|');
                let plural = || words.clone().find(|w| vocabulary.has_word("plural", w));
                let word = words.clone().find(asked).or_else(plural);
                out.push_str(word.or_else(|| words.next()).unwrap_or_default());
                end + 1
            }
            '[' => {
                let end = rest.find(']').unwrap_or(rest.len() - 1);
                // What may be left out is left out, with the space after it.
                (end + 2).min(rest.len())
            }
            '{' => {
                let end = rest.find('}').unwrap_or(rest.len() - 1);
                match &rest[1..end] {
                    hole if hole.starts_with('T') => out.push_str(&vocabulary.anyone()),
                    hole => out.push_str(hole.split('~').next().unwrap_or_default()),
                }
                end + 1
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.trim_end().to_owned()
}

/// Whether a node may stand at an end of a relation.
fn admits(graph: &Graph, relation: Relation, start: bool, node: NodeId) -> bool {
    node_type(graph, node).is_some_and(|ty| {
        Type::ALL.iter().any(|&other| if start { relation.allows(ty, other) } else { relation.allows(other, ty) })
    })
}

/// The type of an entity; `None` of a document.
pub fn node_type(graph: &Graph, node: NodeId) -> Option<Type> {
    graph
        .node_labels(node)
        .filter_map(|l| {
            Type::from_word(graph.label_name(l)).or_else(|| Kind::from_word(graph.label_name(l)).map(Type::general))
        })
        .max_by_key(|t| t.labels().len())
}

fn resolve_names<'r>(graph: &Graph, reading: &'r Reading) -> Result<Outcome<'r>, Failure> {
    let mut out = Outcome { reading, worst: Tier::Exact, names: Vec::new() };
    let entity = |n: NodeId| node_type(graph, n).is_some();
    let document = graph.label_id("Document");
    let is_document = move |n: NodeId| document.is_some_and(|d| graph.has_label(n, d));
    let region = graph.label_id("Region");
    let is_region = move |n: NodeId| region.is_some_and(|r| graph.has_label(n, r));
    let mut take = |letter: char,
                    name: &Option<Name>,
                    relation: Option<(Relation, bool)>,
                    admit: &dyn Fn(NodeId) -> bool|
     -> Result<(), Failure> {
        let Some(name) = name else { return Ok(()) };
        let resolved = one(graph, name, relation, admit)?;
        out.worst = out.worst.max(resolved.tier);
        out.names.push((letter, resolved));
        Ok(())
    };
    let s = &reading.suffixes;
    match &reading.meaning {
        Meaning::Relation { relation: Some(relation), start, .. } => {
            if reading.noun.as_ref().is_some_and(|n| !noun_admits(n, *relation, *start)) {
                return Err(Failure::Noun(*relation, *start));
            }
            let end = (*relation, !start);
            take('A', &reading.a, Some(end), &|n| entity(n) && admits(graph, *relation, !start, n))?;
        }
        Meaning::Relation { relation: None, start, .. } => {
            if *start {
                take('A', &reading.a, None, &entity)?
            } else {
                take('A', &reading.a, None, &is_document)?
            }
        }
        Meaning::Why(relation) | Meaning::Fact(relation) => {
            take('A', &reading.a, Some((*relation, true)), &|n| entity(n) && admits(graph, *relation, true, n))?;
            take('B', &reading.b, Some((*relation, false)), &|n| entity(n) && admits(graph, *relation, false, n))?;
        }
        _ => {
            take('A', &reading.a, None, &entity)?;
            take('B', &reading.b, None, &entity)?;
        }
    }
    take('C', &s.except, None, &entity)?;
    take('P', &s.region, None, &is_region)?;
    take('D', &s.document, None, &is_document).map_err(|f| match f {
        Failure::Unknown(name, _) => Failure::Unknown(name, true),
        other => other,
    })?;
    Ok(out)
}

/// The one entity that a name means.
fn one(
    graph: &Graph,
    name: &Name,
    end: Option<(Relation, bool)>,
    admit: &dyn Fn(NodeId) -> bool,
) -> Result<Resolved, Failure> {
    let hit = names::resolve(graph, &name.text, admit);
    // A place where only a body fits is read as its body, before a mere prefix is tried.
    let unsure = hit.as_ref().is_none_or(|h| h.tier >= Tier::Prefix);
    if let (true, Some(_)) = (unsure, end)
        && let Some((place, body, tier)) = body_of_place(graph, &name.text, admit)
    {
        let remark = format!("{} read as {}", graph.node_name(place), graph.node_name(body));
        return Ok(Resolved { node: body, tier, remark: Some(remark) });
    }
    let Some(hit) = hit else { return Err(Failure::Unknown(name.clone(), false)) };
    match hit.nodes[..] {
        [node] => Ok(Resolved { node, tier: hit.tier, remark: None }),
        _ => match preferred(graph, &hit.nodes) {
            Some(node) if hit.tier < Tier::Prefix => Ok(Resolved { node, tier: hit.tier, remark: None }),
            _ => Err(Failure::Ambiguous(name.clone(), hit.nodes, hit.tier)),
        },
    }
}

/// Of a Region and a body of the same name the Region, as bare place names are read; else none is preferred.
pub fn preferred(graph: &Graph, nodes: &[NodeId]) -> Option<NodeId> {
    let region = graph.label_id("Region")?;
    let mut regions = nodes.iter().copied().filter(|&n| graph.has_label(n, region));
    match (regions.next(), regions.next()) {
        (Some(n), None) => Some(n),
        _ => None,
    }
}

/// The municipality or other public body that is named after a place and seated there.
fn body_of_place(graph: &Graph, name: &str, admit: &dyn Fn(NodeId) -> bool) -> Option<(NodeId, NodeId, Tier)> {
    let region = graph.label_id("Region")?;
    let public = graph.label_id("PublicBody")?;
    let located = graph.relation_id(Relation::LocatedIn.word())?;
    let hit = names::resolve(graph, name, &|n| graph.has_label(n, region))?;
    if hit.tier >= Tier::Prefix {
        return None;
    }
    let [place] = hit.nodes[..] else { return None };
    let mut bodies: Vec<NodeId> = graph
        .neighbours(place, Some(located), Direction::In)
        .map(|(n, _)| n)
        .filter(|&n| graph.has_label(n, public) && admit(n) && names::is_municipal_name(graph.node_name(n)))
        .collect();
    bodies.sort_unstable();
    bodies.dedup();
    match bodies[..] {
        [body] => Some((place, body, hit.tier)),
        _ => None,
    }
}

/// `entity('Luleå')`, with as much beside the name as it takes to mean this node alone.
fn expression(graph: &Graph, node: NodeId) -> String {
    let name = graph.node_name(node);
    let entity = |n: NodeId| node_type(graph, n).is_some();
    let means = |label: Option<&str>| {
        let label = label.and_then(|l| graph.label_id(l));
        names::resolve(graph, name, &|n| entity(n) && label.is_none_or(|l| graph.has_label(n, l)))
            .is_some_and(|r| r.nodes == [node])
    };
    if means(None) {
        return format!("entity({})", literal(name));
    }
    let labels: Vec<&str> = node_type(graph, node).map(|t| t.labels().to_vec()).unwrap_or_default();
    for label in labels.into_iter() {
        if means(Some(label)) {
            return format!("entity({}, {})", literal(name), literal(label));
        }
    }
    format!("entity({})", literal(&format!("#{}", graph.node_own_id(node))))
}

fn tell(graph: &Graph, outcome: &Outcome<'_>) -> Understood {
    let reading = outcome.reading;
    let of = |letter: char| outcome.names.iter().find(|n| n.0 == letter).map(|n| n.1.node);
    let text = |letter: char| of(letter).map(|n| expression(graph, n));
    let e = Expressions {
        a: text('A').unwrap_or_default(),
        b: text('B').unwrap_or_default(),
        except: text('C'),
        region: text('P'),
        document: of('D').map(|n| literal(graph.node_name(n))),
    };
    let called = |letter: char| of(letter).map(|n| described(graph, n)).unwrap_or_default();
    let noun = if reading.noun_text.is_empty() { "who or what".to_owned() } else { reading.noun_text.clone() };
    let mut line = match &reading.meaning {
        Meaning::Relation { relation, start, role } => {
            let relation = relation.map_or("MENTIONS", Relation::word);
            let not = if reading.negated { "not " } else { "" };
            let what = if reading.count { format!("number of {noun}") } else { noun };
            let role = role.as_ref().map_or_else(String::new, |r| format!(" with a role that {r}"));
            if *start {
                format!("{what} {not}─{relation}→ {}{role}", called('A'))
            } else {
                format!("{} {not}─{relation}→ {what}", called('A'))
            }
        }
        Meaning::Why(relation) if reading.negated => {
            format!("why no document says {} ─{relation}→ {}", called('A'), called('B'))
        }
        Meaning::Why(relation) => format!("the sentences behind {} ─{relation}→ {}", called('A'), called('B')),
        Meaning::Fact(relation) => format!("whether {} ─{relation}→ {}", called('A'), called('B')),
        Meaning::When => format!("the dated facts of {}", called('A')),
        Meaning::Link => format!(
            "{noun} on a chain of at most {} facts between {} and {}",
            reading.suffixes.steps.unwrap_or(4),
            called('A'),
            called('B')
        ),
        Meaning::Chains => format!(
            "the shortest chains of at most {} facts between {} and {}",
            reading.suffixes.steps.unwrap_or(4),
            called('A'),
            called('B')
        ),
        Meaning::WhyLink => {
            format!("the sentences along the shortest chains between {} and {}", called('A'), called('B'))
        }
        Meaning::WhyNotLink => format!("what stands between {} and {}", called('A'), called('B')),
        Meaning::Share => format!("{noun} that {} and {} both have a fact with", called('A'), called('B')),
        Meaning::Card => format!("what is known of {}", called('A')),
        Meaning::Show => {
            format!("what lies within {} facts of {}", reading.suffixes.steps.unwrap_or(1).max(1), called('A'))
        }
        Meaning::Without => format!("{noun} without any {}", reading.relation.map_or("fact", Relation::word)),
        Meaning::Top => format!(
            "the {} {noun} with the most {}",
            reading.number.unwrap_or(10),
            reading.relation.map_or("facts", Relation::word)
        ),
        Meaning::List => format!("all {noun}"),
    };
    for (letter, before) in [('P', "in"), ('C', "without"), ('D', "from")] {
        if of(letter).is_some() {
            let _ = write!(line, ", {before} {}", called(letter));
        }
    }
    let s = &reading.suffixes;
    for (before, date) in [("since", &s.since), ("before", &s.before), ("during", &s.during)] {
        if let Some(date) = date {
            let _ = write!(line, ", {before} {date}");
        }
    }
    if !s.via.is_empty() {
        let _ = write!(line, ", via {}", s.via.iter().map(|r| r.word()).collect::<Vec<_>>().join(", "));
    }
    for (said, word) in [
        (s.planned, "planned"),
        (s.ended, "ended"),
        (s.including_ended, "including ended"),
        (s.including_negated, "including negated"),
    ] {
        if said {
            let _ = write!(line, ", {word}");
        }
    }
    for remark in outcome.names.iter().filter_map(|n| n.1.remark.as_ref()) {
        let _ = write!(line, " ({remark})");
    }
    let dated = s.since.is_some() || s.before.is_some() || s.during.is_some();
    let undated_pattern = dated.then(|| {
        let mut plain = reading.clone();
        plain.suffixes.since = None;
        plain.suffixes.before = None;
        plain.suffixes.during = None;
        pattern(&plain, &e)
    });
    Understood {
        pattern: pattern(reading, &e),
        line,
        meaning: reading.meaning.clone(),
        a: of('A'),
        b: of('B'),
        steps: s.steps.unwrap_or(4) as usize,
        undated_pattern,
    }
}

/// `Luleå kommun (PublicBody)`
fn described(graph: &Graph, node: NodeId) -> String {
    let ty = node_type(graph, node).map_or("Document", Type::word);
    format!("{} ({ty})", graph.node_name(node))
}

/// The error of a question whose forms fit but whose names do not.
fn failed(graph: &Graph, question: &Question, mut failures: Vec<(&Reading, Failure)>) -> QueryError {
    let span = question.span;
    let all = Vocabulary::builtin();
    // A reading that takes the first word of a question for a name, or the whole of it, tells nothing.
    failures.retain(|(reading, failure)| {
        let name = match failure {
            Failure::Unknown(name, _) | Failure::Ambiguous(name, ..) => name,
            Failure::Noun(..) => return true,
        };
        let first = name.text.split_whitespace().next().unwrap_or_default().to_lowercase();
        let opens = all.iter().any(|v| v.opens_with(&first) || opener_near(v, &first));
        let ambiguous = matches!(failure, Failure::Ambiguous(..));
        !opens && (reading.said > 0 || ambiguous || name.words == 1)
    });
    // An ambiguous name is nearer to an answer than an unknown one; then the form that says most.
    failures.sort_by_key(|(r, f)| {
        let words = |n: &Option<Name>| n.as_ref().map_or(0, |n| n.words);
        match f {
            Failure::Ambiguous(_, _, tier) => {
                (0, *tier, std::cmp::Reverse(r.said), suffix_doubt(r), words(&r.a), r.order)
            }
            Failure::Noun(..) => (2, Tier::Exact, std::cmp::Reverse(r.said), suffix_doubt(r), words(&r.a), r.order),
            Failure::Unknown(..) => (1, Tier::Exact, std::cmp::Reverse(r.said), suffix_doubt(r), words(&r.a), r.order),
        }
    });
    // Of readings that fit alike, the one whose name is nearly that of something.
    let near = |(reading, failure): &(&Reading, Failure)| match failure {
        Failure::Unknown(name, document) => {
            let wanted = |n: NodeId| node_type(graph, n).is_none() == *document;
            reading.said > 0 && !names::nearest(graph, &name.text, &wanted, 1).is_empty()
        }
        _ => false,
    };
    let fit = failures.first().map_or(0, |f| f.0.said);
    let alike = failures.iter().take(MOST_ALIKE).take_while(|f| f.0.said == fit);
    let better = match failures.first() {
        Some((_, Failure::Unknown(..))) => alike.clone().position(near).unwrap_or(0),
        _ => 0,
    };
    let Some((reading, first)) = failures.into_iter().nth(better) else {
        return not_understood(graph, question, span);
    };
    match first {
        Failure::Ambiguous(name, nodes, _) => ambiguous(graph, &name.text, &nodes).at(name.span),
        Failure::Unknown(name, true) => {
            let document = graph.label_id("Document");
            unknown(graph, &name.text, &|n| document.is_some_and(|d| graph.has_label(n, d))).at(name.span)
        }
        Failure::Unknown(name, false) => match &reading.meaning {
            // At an end of a relation only what may stand there is meant.
            Meaning::Relation { relation: Some(relation), start, .. } => {
                let admit = |n: NodeId| node_type(graph, n).is_some() && admits(graph, *relation, !start, n);
                unknown(graph, &name.text, &admit).at(name.span)
            }
            _ => unknown(graph, &name.text, &|n| node_type(graph, n).is_some()).at(name.span),
        },
        Failure::Noun(relation, start) => QueryError::compile(
            ErrorType::NameError,
            Detail::NotUnderstood,
            format!("`{}` cannot stand at that end of {relation}", reading.noun_text),
        )
        .at(span)
        .help(format!("it may be: {}", end_in_words(relation, start))),
    }
}

/// Readings that are looked at for a name that is nearly known.
const MOST_ALIKE: usize = 8;

/// A name that several entities bear.
pub fn ambiguous(graph: &Graph, name: &str, nodes: &[NodeId]) -> QueryError {
    let mut ranked: Vec<(usize, NodeId)> = nodes.iter().map(|&n| (graph.degree(n, None, Direction::Both), n)).collect();
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| graph.node_name(a.1).cmp(graph.node_name(b.1))));
    let mut error = QueryError::compile(
        ErrorType::NameError,
        Detail::AmbiguousName,
        format!("`{name}` may mean {} entities", nodes.len()),
    )
    .help("write the full name in quotes; in a pattern, `entity('NAME', 'LABEL')` picks one");
    error.candidates = ranked.into_iter().take(MOST_CANDIDATES).map(|(_, n)| candidate(graph, n)).collect();
    error
}

/// Candidates that an error lists.
const MOST_CANDIDATES: usize = 12;

/// An entity as an error offers it: name, labels, number of facts, and how to mean it alone.
fn candidate(graph: &Graph, node: NodeId) -> Candidate {
    let ty = node_type(graph, node).map_or("Document", Type::word);
    let degree = graph.degree(node, None, Direction::Both);
    let facts = if degree == 1 { "1 fact".to_owned() } else { format!("{degree} facts") };
    Candidate { name: graph.node_name(node).to_owned(), note: format!("{ty}, {facts}: {}", expression(graph, node)) }
}

/// A name that nothing bears.
pub fn unknown(graph: &Graph, name: &str, admit: &dyn Fn(NodeId) -> bool) -> QueryError {
    let near = names::nearest(graph, name, admit, 5);
    let any = names::resolve(graph, name, &|n| node_type(graph, n).is_some());
    let help = match (near.first(), any) {
        (_, Some(hit)) if hit.nodes.iter().any(|&n| !admit(n)) => {
            let n = hit.nodes[0];
            format!(
                "`{}` is a {}, which cannot stand here",
                graph.node_name(n),
                node_type(graph, n).map_or("document", Type::word)
            )
        }
        (Some(&n), _) => format!("did you mean `{}`?", graph.node_name(n)),
        (None, _) => "`:find NAME` in the shell looks a name up; MATCH (n) WHERE n.name CONTAINS '…' RETURN n searches"
            .to_owned(),
    };
    let mut error =
        QueryError::compile(ErrorType::NameError, Detail::UnknownName, format!("no entity is called `{name}`"))
            .help(help);
    if graph.label_id("Document").is_some_and(|d| near.first().is_some_and(|&n| graph.has_label(n, d))) {
        error.message = format!("no document is called `{name}`");
    }
    error.candidates = near.into_iter().map(|n| candidate(graph, n)).collect();
    error
}

/// The chains that just miss a link question: one fact too long, through a Person, or only over ended facts.
pub fn near_misses(graph: &Graph, a: NodeId, b: NodeId, longest: usize) -> Vec<(String, link::Link)> {
    let usual = link::Options { longest, ..link::Options::default() };
    let tries = [
        (format!("in {} facts", longest + 1), link::Options { longest: longest + 1, ..usual.clone() }),
        (
            "through a person".to_owned(),
            link::Options { persons: true, wanted: vec!["Person".to_owned()], ..usual.clone() },
        ),
        (
            "over ended facts".to_owned(),
            link::Options {
                modalities: vec![
                    crate::model::Modality::Asserted,
                    crate::model::Modality::Planned,
                    crate::model::Modality::Ended,
                ],
                ..usual.clone()
            },
        ),
    ];
    tries
        .into_iter()
        .filter_map(|(why, options)| link::links(graph, a, b, &options).links.into_iter().next().map(|l| (why, l)))
        .collect()
}
