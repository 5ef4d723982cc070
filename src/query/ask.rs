//! A question to its answer: understood, written as a pattern, run like any other, and told with what belongs beside it.
//!
//! The rows are those of the pattern. Headings over the tiers of a link answer, facts between the ends themselves, near
//! misses and the count of undated facts are told beside them and are no rows.

use super::answer::{Answer, AnswerKind, Options, Params};
use super::ast::{Mode, Question, Span, Token, TokenKind};
use super::engine;
use super::error::{Detail, ErrorType, QueryError};
use super::link;
use super::question::{self, Meaning, Understood};
use super::value::Value;
use crate::graph::{Direction, Graph, NodeId};
use crate::model::Relation;

/// Answers a question.
///
/// # Errors
/// As [`question::understand`], and whatever goes wrong while its pattern runs.
pub(crate) fn ask(
    graph: &Graph,
    question: &Question,
    mode: Mode,
    statement: &str,
    params: &Params,
    options: &Options,
) -> Result<Answer, QueryError> {
    let question = &bound(question, params)?;
    let understood = question::understand(graph, question, statement)?;
    // The pattern's places are not the question's: an error of the pattern points at the whole question.
    let run = |text: &str| {
        engine::run(graph, text, params, options).map_err(|e| {
            let e = QueryError { span: None, ..e };
            if matches!(e.detail, Detail::Interrupted | Detail::OutOfTime | Detail::OutOfMemory) {
                e
            } else {
                e.at(question.span)
            }
        })
    };
    match mode {
        Mode::Explain => {
            let mut answer = run(&format!("EXPLAIN {}", understood.pattern))?;
            let pattern = understood.pattern.lines().map(|l| vec![Value::string(l)]);
            let plan = std::mem::take(&mut answer.rows);
            answer.rows = pattern.chain([vec![Value::string("")]]).chain(plan).collect();
            answer.understood = vec![understood.line];
            Ok(answer)
        }
        Mode::Profile => {
            let mut answer = run(&format!("PROFILE {}", understood.pattern))?;
            answer.understood = vec![understood.line];
            Ok(answer)
        }
        Mode::Run => {
            let mut answer = run(&understood.pattern)?;
            beside(graph, &understood, &mut answer, &run);
            Ok(answer)
        }
    }
}

/// The question with its parameters in place: `$region` stands for a name as if it were quoted. A value is bound as one
/// token, so that no text in it is ever read as words of the question.
fn bound(question: &Question, params: &Params) -> Result<Question, QueryError> {
    let mut tokens = Vec::with_capacity(question.tokens.len());
    let mut rest = question.tokens.iter().peekable();
    while let Some(token) = rest.next() {
        let name = match rest.peek() {
            Some(next)
                if token.kind == TokenKind::Punct && &*token.text == "$" && next.span.start == token.span.end =>
            {
                rest.next()
            }
            _ => None,
        };
        let Some(name) = name else {
            tokens.push(token.clone());
            continue;
        };
        let span = Span { start: token.span.start, end: name.span.end };
        let (kind, text) = match params.get(&*name.text) {
            Some(Value::String(s)) => (TokenKind::Quoted, s.clone()),
            Some(Value::Int(i)) => (TokenKind::Number, i.to_string().into()),
            Some(other) => {
                let message = format!(
                    "the parameter `${}` is {}; a question takes a name or a whole number",
                    name.text,
                    other.type_name()
                );
                return Err(
                    QueryError::compile(ErrorType::ArgumentError, Detail::InvalidArgumentType, message).at(span)
                );
            }
            None => {
                let message = format!("the parameter `${}` has no value", name.text);
                return Err(QueryError::compile(ErrorType::ParameterMissing, Detail::MissingParameter, message)
                    .at(span)
                    .help(format!("give --param {0}=VALUE, or :param {0} VALUE in the shell", name.text)));
            }
        };
        tokens.push(Token { kind, text, span });
    }
    Ok(Question { tokens, span: question.span })
}

/// What is told beside the rows.
fn beside(
    graph: &Graph,
    understood: &Understood,
    answer: &mut Answer,
    run: &dyn Fn(&str) -> Result<Answer, QueryError>,
) {
    answer.understood = vec![understood.line.clone()];
    answer.subjects = understood.a.into_iter().chain(understood.b).collect();
    answer.kind = match understood.meaning {
        Meaning::Link | Meaning::Chains | Meaning::Show => AnswerKind::Chains,
        Meaning::Card => AnswerKind::Card,
        Meaning::Why(_) | Meaning::WhyLink => AnswerKind::Evidence,
        _ => AnswerKind::Rows,
    };
    if let (Meaning::Link | Meaning::WhyNotLink | Meaning::Chains | Meaning::WhyLink, Some(a), Some(b)) =
        (&understood.meaning, understood.a, understood.b)
    {
        linked(graph, understood, answer, a, b);
    }
    if let Some(plain) = &understood.undated_pattern
        && let Ok(all) = run(plain)
        && all.rows.len() > answer.rows.len()
    {
        answer.notes.push(format!("{} more without a date that says so, left out", all.rows.len() - answer.rows.len()));
    }
    if let (Meaning::Why(relation) | Meaning::Fact(relation), true, Some(a), Some(b)) =
        (&understood.meaning, answer.rows.is_empty(), understood.a, understood.b)
    {
        unsaid(graph, *relation, a, b, answer);
    }
}

/// What is said instead of a fact that is not there: that documents deny it or hold it to be over, and where a rule nearly
/// read it.
fn unsaid(graph: &Graph, relation: Relation, a: NodeId, b: NodeId, answer: &mut Answer) {
    let (from, to) = (graph.node_name(a), graph.node_name(b));
    let mut other = Vec::new();
    if let Some(id) = graph.relation_id(relation.word()) {
        for (node, edge) in graph.neighbours(a, Some(id), Direction::Both) {
            let (start, _, _) = graph.edge(edge);
            if node == b && (start == a || relation.symmetric()) {
                other.push(link::modality(graph, edge).word());
            }
        }
    }
    other.sort_unstable();
    other.dedup();
    answer.notes.push(match other.as_slice() {
        [] => format!("no: no document says that {from} {relation} {to}"),
        words => format!(
            "no: that {from} {relation} {to} is said only as {}; add `including ended` or `including negated` to see it",
            words.join(" and ")
        ),
    });
    // A graph without its readings has nothing to tell here, which is no error.
    for (i, document) in graph.documents().unwrap_or_default().iter().enumerate() {
        let i = i as u32;
        let locals = |n: NodeId| graph.members(n).filter(|m| m.0 == i).map(|m| m.1).collect::<Vec<_>>();
        let (in_a, in_b) = (locals(a), locals(b));
        if in_a.is_empty() || in_b.is_empty() {
            continue;
        }
        let Ok(Some(reading)) = graph.reading(i) else { continue };
        for miss in reading.near_misses.iter().filter(|m| m.relation == relation) {
            let both = miss.entities.iter().any(|e| in_a.contains(e)) && miss.entities.iter().any(|e| in_b.contains(e));
            if both && answer.notes.len() < MOST_NOTES {
                answer.notes.push(format!("{} nearly read it in {}, but {}", miss.rule, document.name, miss.failed));
            }
        }
    }
}

/// Notes beside an answer, so that a long corpus does not drown it.
const MOST_NOTES: usize = 8;

fn linked(graph: &Graph, understood: &Understood, answer: &mut Answer, a: NodeId, b: NodeId) {
    if understood.meaning == Meaning::Link {
        let chain = answer.columns.iter().position(|c| c == "chain");
        let length = |row: &Vec<Value>| match chain.and_then(|c| row.get(c)) {
            Some(Value::Path(p)) => p.edges.len(),
            _ => 0,
        };
        let mut at = 0;
        while at < answer.rows.len() {
            let facts = length(&answer.rows[at]);
            let count = answer.rows[at..].iter().take_while(|r| length(r) == facts).count();
            answer.headings.push((at, format!("in {facts} facts: {count}")));
            at += count;
        }
        for edge in link::links(graph, a, b, &link::Options { longest: 1, ..link::Options::default() }).direct {
            let (from, relation, to) = graph.edge(edge);
            let arrow = if graph.is_symmetric(relation) { "─" } else { "→" };
            answer.notes.push(format!(
                "directly: {} ─{}{arrow} {}",
                graph.node_name(from),
                graph.relation_name(relation),
                graph.node_name(to)
            ));
        }
    }
    let counted_none = answer.columns == ["count"] && answer.rows.iter().flatten().all(|v| *v == Value::Int(0));
    if answer.rows.is_empty() || counted_none {
        let misses = question::near_misses(graph, a, b, understood.steps);
        if misses.is_empty() {
            answer.notes.push(format!(
                "nothing links {} and {}, nearly or otherwise",
                graph.node_name(a),
                graph.node_name(b)
            ));
        }
        for (why, miss) in misses {
            let names: Vec<&str> = miss.chain.nodes.iter().map(|&n| graph.node_name(n)).collect();
            answer.notes.push(format!("a near miss, {why}: {}", names.join(" – ")));
        }
    }
}
