//! What could stand at a place: for completion at the cursor and for "expected …" in messages.

use pest::Parser as _;
use pest::error::{Error, ErrorVariant};

use super::super::stack::roomy;
use super::{Grammar, MAX_LENGTH, Rule, scan};

/// A thing that could stand at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expected {
    /// This keyword, in capitals.
    Keyword(&'static str),
    /// A label of a node.
    Label,
    /// A relation.
    Relation,
    /// A property key.
    Property,
    /// A variable: one in scope, or a new name.
    Variable,
    /// A function, or anything else that begins an expression.
    Expression,
    /// A parameter's name, after `$`.
    Parameter,
    /// A node in parentheses.
    Node,
    /// An operator.
    Operator,
    /// A word of a question, or an entity's name.
    QuestionWord,
    /// Text of a string: an entity's name, most likely.
    Text,
    /// A sign, as written.
    Sign(&'static str),
    /// The end of the statement.
    End,
}

/// What could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedAt {
    /// Where the word at the cursor begins, in bytes; the cursor itself where there is none.
    pub start: usize,
    /// What could stand there, sorted; empty where the text before is wrong.
    pub expected: Vec<Expected>,
}

/// What could stand in place of the word that ends at the cursor (a byte offset).
///
/// ```
/// use samband::query::parse::{Expected, expected_at};
/// let at = expected_at("MATCH (n:Com", 12);
/// assert_eq!(at.start, 9);
/// assert!(at.expected.contains(&Expected::Label));
/// let at = expected_at("MATCH (n) RET", 13);
/// assert!(at.expected.contains(&Expected::Keyword("RETURN")));
/// ```
pub fn expected_at(text: &str, cursor: usize) -> ExpectedAt {
    let cursor = (0..=cursor.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = &text[..cursor];
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let nothing = ExpectedAt { start, expected: Vec::new() };
    if before.len() > MAX_LENGTH {
        return nothing;
    }
    let lead = &before[..start];
    if scan::start(lead, 0) == lead.len() {
        let mut expected = clause_words().to_vec();
        expected.extend([Expected::Keyword("EXPLAIN"), Expected::Keyword("PROFILE"), Expected::QuestionWord]);
        expected.sort_unstable();
        return ExpectedAt { start, expected };
    }
    if scan::is_question(lead) {
        return ExpectedAt { start, expected: vec![Expected::QuestionWord] };
    }
    let lexical = scan::scan(lead);
    match lexical.unclosed {
        Some(("string", at)) => return ExpectedAt { start: at + 1, expected: vec![Expected::Text] },
        Some(("comment", _)) => return nothing,
        Some((_, at)) => return ExpectedAt { start: at, expected: vec![Expected::Variable] },
        None => {}
    }
    if lexical.too_deep.is_some() || lexical.mismatch.is_some() {
        return nothing;
    }
    // No rule accepts this character: the parser stops at it and says what it would have taken.
    let probe = format!("{lead}\u{1}");
    let Err(error) = roomy(|| Grammar::parse(Rule::statement, &probe)) else { return nothing };
    if position(&error) < lead.trim_end().len() {
        return nothing;
    }
    let inside = lexical.open.last().map_or(' ', |(bracket, _)| *bracket);
    let last = lead.trim_end().chars().next_back().unwrap_or(' ');
    let mut expected = expected(&error, last, inside);
    expected.sort_unstable();
    expected.dedup();
    ExpectedAt { start, expected }
}

/// Where an error of the grammar stands.
pub(super) fn position(error: &Error<Rule>) -> usize {
    match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    }
}

fn clause_words() -> [Expected; 12] {
    [
        Expected::Keyword("MATCH"),
        Expected::Keyword("OPTIONAL MATCH"),
        Expected::Keyword("WITH"),
        Expected::Keyword("RETURN"),
        Expected::Keyword("UNWIND"),
        Expected::Keyword("CREATE"),
        Expected::Keyword("MERGE"),
        Expected::Keyword("DELETE"),
        Expected::Keyword("DETACH DELETE"),
        Expected::Keyword("SET"),
        Expected::Keyword("REMOVE"),
        Expected::Keyword("CALL"),
    ]
}

/// What an error of the grammar says was expected, in the order in which the grammar tried. `last` is the character
/// before the place and `inside` the innermost open bracket: they tell labels from relations and keys from names.
pub(super) fn expected(error: &Error<Rule>, last: char, inside: char) -> Vec<Expected> {
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else { return Vec::new() };
    let mut out = Vec::new();
    for rule in positives {
        expand(*rule, last, inside, &mut out);
    }
    let mut seen = Vec::with_capacity(out.len());
    for item in out {
        if !seen.contains(&item) {
            seen.push(item);
        }
    }
    seen
}

fn expand(rule: Rule, last: char, inside: char, out: &mut Vec<Expected>) {
    let labels = if inside == '[' { Expected::Relation } else { Expected::Label };
    match rule {
        Rule::clause | Rule::single_query | Rule::query | Rule::statement => out.extend(clause_words()),
        Rule::name | Rule::plain_name | Rule::quoted_name => out.push(match last {
            '.' => Expected::Property,
            '$' => Expected::Parameter,
            ':' | '|' | '&' | '!' => labels,
            '{' | ',' if inside == '{' => Expected::Property,
            _ => Expected::Variable,
        }),
        Rule::labels | Rule::label_test => out.extend([Expected::Sign(":"), Expected::Keyword("IS")]),
        Rule::label_or | Rule::label_and | Rule::label_not | Rule::expression_labels => out.push(labels),
        Rule::map_entry | Rule::map_item => out.push(Expected::Property),
        Rule::property => out.push(Expected::Sign(".")),
        Rule::subscript | Rule::details => out.push(Expected::Sign("[")),
        Rule::variable | Rule::yield_item => out.push(Expected::Variable),
        Rule::dotted_name => out.push(Expected::Expression),
        Rule::parameter_number => out.push(Expected::Parameter),
        Rule::projection => out.extend([Expected::Expression, Expected::Keyword("DISTINCT"), Expected::Sign("*")]),
        Rule::number
        | Rule::string
        | Rule::parameter
        | Rule::list
        | Rule::map
        | Rule::list_comprehension
        | Rule::bracket_pattern
        | Rule::parenthesised
        | Rule::pattern_predicate
        | Rule::case
        | Rule::subquery
        | Rule::call
        | Rule::call_ahead
        | Rule::function
        | Rule::quantified
        | Rule::reduce
        | Rule::count_star
        | Rule::literal_word
        | Rule::map_projection
        | Rule::expression
        | Rule::operand
        | Rule::projection_item
        | Rule::sort_item
        | Rule::set_item
        | Rule::set_target => {
            out.push(Expected::Expression);
        }
        Rule::path_pattern | Rule::chain | Rule::node | Rule::group => out.push(Expected::Node),
        Rule::selector => out.extend(["ALL", "ANY", "SHORTEST"].map(Expected::Keyword)),
        Rule::path_mode => out.extend(["WALK", "TRAIL", "ACYCLIC", "SIMPLE"].map(Expected::Keyword)),
        Rule::operator => {
            out.push(Expected::Operator);
            out.extend(["AND", "OR", "XOR", "IN", "STARTS WITH", "ENDS WITH", "CONTAINS"].map(Expected::Keyword));
        }
        Rule::null_test => out.extend(["IS NULL", "IS NOT NULL"].map(Expected::Keyword)),
        Rule::prefix => out.push(Expected::Keyword("NOT")),
        Rule::order_by => out.push(Expected::Keyword("ORDER BY")),
        Rule::skip => out.push(Expected::Keyword("SKIP")),
        Rule::limit => out.push(Expected::Keyword("LIMIT")),
        Rule::where_part => out.push(Expected::Keyword("WHERE")),
        Rule::union => out.extend(["UNION", "UNION ALL"].map(Expected::Keyword)),
        Rule::when => out.push(Expected::Keyword("WHEN")),
        Rule::otherwise => out.push(Expected::Keyword("ELSE")),
        Rule::merge_action => out.extend(["ON CREATE SET", "ON MATCH SET"].map(Expected::Keyword)),
        Rule::yields => out.push(Expected::Keyword("YIELD")),
        Rule::relationship => out.extend(["-", "<-"].map(Expected::Sign)),
        Rule::properties => out.push(Expected::Sign("{")),
        Rule::quantifier => out.extend(["{", "+", "*"].map(Expected::Sign)),
        Rule::range => out.push(Expected::Sign("*")),
        Rule::call_arguments => out.push(Expected::Sign("(")),
        Rule::EOI => out.push(Expected::End),
        Rule::ORDER => out.push(Expected::Keyword("ORDER BY")),
        Rule::STARTS => out.push(Expected::Keyword("STARTS WITH")),
        Rule::ENDS => out.push(Expected::Keyword("ENDS WITH")),
        Rule::OPTIONAL => out.push(Expected::Keyword("OPTIONAL MATCH")),
        Rule::DETACH => out.push(Expected::Keyword("DETACH DELETE")),
        Rule::SKIP_ => out.push(Expected::Keyword("SKIP")),
        Rule::ANY_ => out.push(Expected::Keyword("ANY")),
        Rule::SHORTEST_PATH => out.push(Expected::Keyword("shortestPath")),
        Rule::ALL_SHORTEST_PATHS => out.push(Expected::Keyword("allShortestPaths")),
        Rule::NULL | Rule::TRUE | Rule::FALSE | Rule::NOT => out.push(Expected::Keyword(word(rule))),
        other => match sign(other) {
            Some(sign) => out.push(Expected::Sign(sign)),
            None => {
                let word = word(other);
                if !word.is_empty() {
                    out.push(Expected::Keyword(word));
                }
            }
        },
    }
}

fn sign(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::LPAREN => "(",
        Rule::RPAREN => ")",
        Rule::LBRACKET => "[",
        Rule::RBRACKET => "]",
        Rule::LBRACE => "{",
        Rule::RBRACE => "}",
        Rule::COMMA => ",",
        Rule::COLON => ":",
        Rule::SEMICOLON => ";",
        Rule::DOT => ".",
        Rule::DOTS => "..",
        Rule::BAR => "|",
        Rule::EQUAL => "=",
        Rule::PLUS_EQUAL => "+=",
        Rule::DASH | Rule::MINUS => "-",
        Rule::LESS => "<",
        Rule::GREATER => ">",
        Rule::STAR => "*",
        Rule::PLUS => "+",
        Rule::AMPERSAND => "&",
        Rule::BANG => "!",
        Rule::PERCENT => "%",
        Rule::DOLLAR => "$",
        _ => return None,
    })
}

/// The keyword of a rule that is one; empty for all others.
fn word(rule: Rule) -> &'static str {
    macro_rules! words {
        ($($name:ident)+) => { match rule { $(Rule::$name => stringify!($name),)+ _ => "" } };
    }
    words! {
        EXPLAIN PROFILE OPTIONAL MATCH WHERE WITH RETURN DISTINCT AS ORDER BY ASCENDING DESCENDING OFFSET LIMIT UNWIND
        UNION CREATE MERGE ON SET REMOVE DETACH DELETE CALL YIELD ALL NONE SINGLE REDUCE SHORTEST WALK TRAIL ACYCLIC
        SIMPLE PATH PATHS GROUPS AND OR XOR NOT IN IS NULL TRUE FALSE STARTS ENDS CONTAINS CASE WHEN THEN ELSE END
        EXISTS COUNT COLLECT
    }
}
