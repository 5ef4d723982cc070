//! From a parse that failed to words that help: what stands there, what was expected, what was probably meant.

use pest::error::{Error, ErrorVariant};

use super::super::ast::Span;
use super::super::error::{Detail, QueryError};
use super::expect::{self, Expected};
use super::scan::{self, Lexical};
use super::{Pair, Rule, span};

/// The nearest of some words to a misspelt one, if any is near enough to be meant: one slip in short words, two in
/// longer ones, a transposition counting as one. Case is ignored.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let allowed = match length {
        0 | 1 => return None,
        2..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    let lower = word.to_lowercase();
    let mut best = None::<(usize, &str)>;
    for candidate in words {
        let target = candidate.to_lowercase();
        if target.chars().count().abs_diff(length) > allowed {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&lower, &target);
        // Most of the word must have survived, or `at` would be near `as`, `by` and `or`.
        if distance <= allowed && distance * 2 < length && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// There is no statement.
pub(super) fn empty(text: &str) -> QueryError {
    QueryError::syntax(Detail::UnexpectedSyntax, "there is no statement here", Span::new(0, text.len()))
        .help("ask a question (`which partners link A to B`) or write a query (`MATCH (n) RETURN n`)")
}

/// Beginnings that no query has and that mean something elsewhere.
pub(super) fn wrong_beginning(text: &str) -> Result<(), QueryError> {
    let (word, at) = scan::first_word(text);
    let place = Span::new(at, at + word.len());
    let rest = text[at + word.len()..].trim_start();
    let wrong =
        |message: &str, help: &str| Err(QueryError::syntax(Detail::UnexpectedSyntax, message, place).help(help));
    match word.to_ascii_uppercase().as_str() {
        "" if text[at..].is_empty() => Err(empty(text)),
        "" if text[at..].starts_with('(') => {
            let message = "a query begins with a clause, not with a pattern";
            Err(QueryError::syntax(Detail::UnexpectedSyntax, message, Span::new(at, at + 1))
                .help("write MATCH before the pattern and RETURN after it: `MATCH (n) RETURN n`"))
        }
        "SELECT" if rest.starts_with(['?', '$']) || text.contains("{") => wrong(
            "SELECT is SPARQL: a query here says what to find with MATCH, then what to show with RETURN",
            "write `MATCH (x:Company)-[:MEMBER_OF]->(y) RETURN x.name`",
        ),
        "SELECT" | "FROM" => wrong(
            "SELECT … FROM is SQL: a query here says what to find with MATCH, then what to show with RETURN",
            "write `MATCH (n:Company) WHERE n.name = 'X' RETURN n.name`",
        ),
        "PREFIX" | "ASK" | "CONSTRUCT" | "DESCRIBE" => wrong(
            "this is SPARQL: a query here says what to find with MATCH, then what to show with RETURN",
            "write `MATCH (n)-[r]->(m) RETURN n, r, m`",
        ),
        "INSERT" | "UPDATE" | "DROP" | "ALTER" => wrong(
            "this is SQL, and queries do not change a graph of documents",
            "corrections by hand go through the decisions file",
        ),
        "WHERE" => wrong(
            "WHERE cannot stand first: it narrows what a MATCH before it has found",
            "write `MATCH (n) WHERE … RETURN n`",
        ),
        _ => Ok(()),
    }
}

/// A clause of another language in the middle of a query.
pub(super) fn wrong_clause(pair: &Pair<'_>) -> QueryError {
    let start = pair.clone().into_inner().next();
    let place = start.as_ref().map_or_else(|| span(pair), span);
    let word = start.map(|p| p.as_str().to_ascii_uppercase()).unwrap_or_default();
    let (message, help) = match word.as_str() {
        "GROUP" => (
            "there is no GROUP BY: whatever stands beside an aggregate in RETURN or WITH is what it groups by",
            "leave GROUP BY out: `RETURN n.kind, count(*)`",
        ),
        "HAVING" => (
            "there is no HAVING: aggregate in a WITH and filter after it",
            "write `WITH n.kind AS kind, count(*) AS number WHERE number > 3 RETURN kind, number`",
        ),
        "FROM" => ("there is no FROM: labels say which nodes are meant", "write `MATCH (n:Company) RETURN n`"),
        "JOIN" | "INNER" | "LEFT" => (
            "there is no JOIN: a relationship in a pattern joins what it links",
            "write `MATCH (a)-[:PARTNERS_WITH]-(b)`, and OPTIONAL MATCH where the link may be missing",
        ),
        "SELECT" => ("SELECT is SQL", "write RETURN, after what MATCH has found"),
        "FILTER" => ("FILTER is not a clause here", "write `WITH * WHERE …`"),
        "LET" | "FOR" => ("this clause is not part of the language", "write `WITH *, … AS name`, or UNWIND for lists"),
        "FINISH" => ("FINISH is not part of the language", "leave it out, or RETURN something"),
        "USE" => ("a query runs on the graph that is open", "open the other graph first"),
        _ => ("this clause is not part of the language", "queries read: MATCH, WITH, UNWIND, RETURN, UNION"),
    };
    QueryError::syntax(Detail::UnexpectedSyntax, message, place).help(help)
}

/// An operator of another language.
pub(super) fn wrong_operator(pair: &Pair<'_>) -> QueryError {
    let written = pair.as_str();
    let (message, help) = match written.to_ascii_uppercase().as_str() {
        "==" | "===" => ("equality is written with one `=`", "write `=`"),
        "!=" | "!==" => ("inequality is written `<>`", "write `<>`"),
        "&&" => ("`&&` is not an operator here", "write AND"),
        "||" => ("`||` is not an operator here", "write OR between conditions, `+` between strings"),
        "<=>" => ("`<=>` is not an operator here", "write `=`, and IS NULL for null"),
        "LIKE" | "ILIKE" => (
            "LIKE is SQL",
            "write CONTAINS, STARTS WITH or ENDS WITH; `=~ '(?i).*text.*'` for a pattern; `~` for a name however spelt",
        ),
        "BETWEEN" => ("BETWEEN is SQL", "write `1 <= x <= 3`"),
        "REGEXP" | "RLIKE" => ("a regular expression is written with `=~`", "write `=~ '.*text.*'`"),
        _ => ("IS tests for null and for labels only", "write `x = true`, or `size(x) = 0` for an empty list"),
    };
    QueryError::syntax(Detail::UnexpectedSyntax, message, span(pair)).help(help)
}

/// A parse that failed, in words.
pub(super) fn report(text: &str, lexical: &Lexical, error: &Error<Rule>) -> QueryError {
    let at = scan::start(text, expect::position(error).min(text.len()));
    if let ErrorVariant::CustomError { .. } = error.variant {
        // pest stops by itself before the stack of the thread is used up.
        let message = "the statement is nested too deep for the room that there is";
        return QueryError::syntax(Detail::NestingTooDeep, message, Span::new(at, at))
            .help("split it with WITH, or give nested data as a parameter");
    }
    if let Some((what, begin)) = lexical.unclosed {
        return unclosed(text, what, begin);
    }
    let rest = &text[at..];
    let found = rest.chars().next();
    if let Some(c) = found.filter(|c| !c.is_ascii() && !c.is_alphanumeric()) {
        return strange_character(c, at);
    }
    if let Some(error) = unbalanced(lexical, at) {
        return error;
    }
    let length = match rest.find(|c: char| !c.is_alphanumeric() && c != '_') {
        Some(0) => found.map_or(0, char::len_utf8),
        Some(end) => end,
        None => rest.len(),
    };
    let word = &rest[..length];
    let inside = lexical.open.last().map_or(' ', |(bracket, _)| *bracket);
    let inside = bracket_at(text, at).unwrap_or(inside);
    let last = text[..at].trim_end().chars().next_back().unwrap_or(' ');
    let expected = expect::expected(error, last, inside);
    if expected.is_empty() && !word.is_empty() && word.starts_with(char::is_alphabetic) {
        let message = format!("`{word}` is a word of the language and cannot be a name here");
        return QueryError::syntax(Detail::UnexpectedSyntax, message, Span::new(at, at + length))
            .help(format!("use another name, or put it between backticks: `` `{word}` ``"));
    }
    let message = match (found, phrase(&expected)) {
        (None, wanted) => format!("the statement ends too early: {wanted}"),
        (Some(_), wanted) => format!("`{word}` does not fit here: {wanted}"),
    };
    let help = special_help(text, at, word, inside).or_else(|| keyword_help(text, at, word, &expected));
    QueryError::syntax(Detail::UnexpectedSyntax, message, Span::new(at, at + length)).maybe_help(help)
}

/// The innermost bracket open at a place.
fn bracket_at(text: &str, at: usize) -> Option<char> {
    scan::scan(&text[..at]).open.last().map(|(bracket, _)| *bracket)
}

fn unclosed(text: &str, what: &str, begin: usize) -> QueryError {
    let sign = if what == "comment" { "*/".to_owned() } else { text[begin..].chars().take(1).collect() };
    let length = if what == "comment" { 2 } else { 1 };
    QueryError::syntax(
        Detail::UnexpectedSyntax,
        format!("the {what} that begins here has no end"),
        Span::new(begin, begin + length),
    )
    .help(format!("close it with `{sign}`; inside a string a quote is written with a backslash before it"))
}

fn strange_character(c: char, at: usize) -> QueryError {
    let name = format!("U+{:04X}", u32::from(c));
    let error = QueryError::syntax(
        Detail::InvalidUnicodeCharacter,
        format!("the character `{c}` ({name}) has no meaning here"),
        Span::new(at, at + c.len_utf8()),
    );
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => error.help("write a plain minus sign, `-`"),
        '‘' | '’' | '‚' | '“' | '”' | '„' | '«' | '»' | '´' => {
            error.help("write strings between straight quotes, `'…'`")
        }
        '→' | '⟶' => error.help("write an arrow as `-->`"),
        '←' | '⟵' => error.help("write an arrow as `<--`"),
        '≠' => error.help("write `<>`"),
        '≤' => error.help("write `<=`"),
        '≥' => error.help("write `>=`"),
        _ => error.help("if it belongs to a name, put the name between backticks"),
    }
}

/// Brackets that do not pair up, where that is likelier the mistake than what the grammar stopped at.
fn unbalanced(lexical: &Lexical, at: usize) -> Option<QueryError> {
    let closing = |open: char| match open {
        '(' => ")",
        '[' => "]",
        '{' => "}",
        _ => "END",
    };
    if let Some((met, place)) = lexical.mismatch {
        if place > at {
            return None;
        }
        let place = Span::new(place, place + 1);
        return Some(match met {
            Some((open, begin)) => QueryError::syntax(
                Detail::UnexpectedSyntax,
                format!("this bracket closes nothing: `{}` must come first, for the `{open}` before it", closing(open)),
                Span::new(begin, begin + 1).to(place),
            ),
            None => QueryError::syntax(Detail::UnexpectedSyntax, "this bracket closes nothing", place)
                .help("leave it out, or open it before"),
        });
    }
    let (open, begin) = *lexical.open.last()?;
    let what = if open == 'C' { "CASE".to_owned() } else { format!("`{open}`") };
    let length = if open == 'C' { 4 } else { 1 };
    Some(
        QueryError::syntax(
            Detail::UnexpectedSyntax,
            format!("the {what} that is opened here is never closed"),
            Span::new(begin, begin + length),
        )
        .help(format!("write `{}` where it ends", closing(open))),
    )
}

/// "expected …", at most a handful of things, the most telling first.
fn phrase(expected: &[Expected]) -> String {
    let mut parts = Vec::<String>::new();
    let mut add = |part: String| {
        if !parts.contains(&part) {
            parts.push(part);
        }
    };
    let clauses = expected.iter().filter(|e| matches!(e, Expected::Keyword("MATCH" | "RETURN" | "WITH"))).count() == 3;
    let expression = expected.contains(&Expected::Expression);
    for item in expected {
        match item {
            Expected::Label => add("a label".into()),
            Expected::Relation => add("a relation".into()),
            Expected::Property => add("a property".into()),
            Expected::Expression => add("an expression".into()),
            Expected::Variable if !expression => add("a name".into()),
            Expected::Parameter => add("the name of a parameter".into()),
            Expected::Node => add("a node in parentheses".into()),
            Expected::Operator => add("an operator".into()),
            Expected::QuestionWord => add("a word".into()),
            _ => {}
        }
    }
    let operator = expected.contains(&Expected::Operator);
    for item in expected {
        let Expected::Keyword(word) = item else { continue };
        let told = match *word {
            "MATCH" | "OPTIONAL MATCH" | "WITH" | "RETURN" | "UNWIND" | "CREATE" | "MERGE" | "DELETE"
            | "DETACH DELETE" | "SET" | "REMOVE" | "CALL" => clauses,
            "AND" | "OR" | "XOR" | "IN" | "STARTS WITH" | "ENDS WITH" | "CONTAINS" | "IS NULL" | "IS NOT NULL"
            | "IS" => operator,
            "NOT" | "CASE" | "EXISTS" | "COUNT" | "COLLECT" | "NULL" | "TRUE" | "FALSE" | "ALL" | "NONE" | "ANY"
            | "SINGLE" | "REDUCE" => expression,
            _ => false,
        };
        if !told {
            add((*word).into());
        }
    }
    if clauses {
        add("a clause such as MATCH, WITH or RETURN".into());
    }
    for item in expected {
        match item {
            Expected::Sign("." | "[" | ":") if operator => {}
            Expected::Sign("-" | "+" | "$" | "{" | "(" | "[") if expression => {}
            Expected::Sign(";") => {}
            Expected::Sign(sign) => add(format!("`{sign}`")),
            Expected::End => add("the end".into()),
            _ => {}
        }
    }
    let more = parts.len() > 6;
    parts.truncate(6);
    match parts.as_slice() {
        [] => "nothing was expected".into(),
        [one] => format!("expected {one}"),
        [first @ .., last] if !more => format!("expected {} or {last}", first.join(", ")),
        all => format!("expected {} …", all.join(", ")),
    }
}

/// Mistakes that are recognised by what stands around them.
fn special_help(text: &str, at: usize, word: &str, inside: char) -> Option<String> {
    let before = text[..at].trim_end();
    let rest = &text[at..];
    let upper = word.to_ascii_uppercase();
    let has = |keyword: &str| before.split(|c: char| !c.is_alphanumeric()).any(|w| w.eq_ignore_ascii_case(keyword));
    let line = before.rsplit('\n').next().unwrap_or_default();
    if before.ends_with("--") && !before.ends_with(")--")
        || line.contains(" -- ") && has("MATCH") && rest.starts_with(char::is_alphabetic)
    {
        return Some("a comment begins with `//`, not with `--`".into());
    }
    if rest.starts_with('#') {
        return Some("a comment begins with `//`; a name with `#` in it goes between backticks".into());
    }
    let previous = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    let after = |keyword: &str| previous.eq_ignore_ascii_case(keyword);
    if after("ORDER") && upper != "BY" {
        return Some("write ORDER BY".into());
    }
    if after("TOP") && rest.starts_with(|c: char| c.is_ascii_digit()) {
        return Some("write LIMIT at the end: `RETURN n ORDER BY n.name LIMIT 5`".into());
    }
    if rest.starts_with(',') && inside == '(' && before.rfind('(').is_some_and(|open| opens_list(&before[..open])) {
        return Some("a list stands in square brackets: `IN ['A', 'B']`".into());
    }
    if after("AS") && rest.starts_with(['\'', '"']) {
        return Some("a name has no quotes; one with spaces goes between backticks".into());
    }
    if rest.starts_with('=') && inside == '{' {
        return Some("in braces a colon stands between property and value: `{name: 'X'}`".into());
    }
    let lead = before[..before.len() - previous.len()].trim_end();
    let opens = |word: &str| lead.len() >= word.len() && lead[lead.len() - word.len()..].eq_ignore_ascii_case(word);
    if !previous.is_empty()
        && ["MATCH", "CREATE", "MERGE"]
            .iter()
            .any(|word| lead.is_char_boundary(lead.len().saturating_sub(word.len())) && opens(word))
    {
        return Some(format!("a node stands in parentheses: `({previous})`"));
    }
    match upper.as_str() {
        "SORT" => return Some("write ORDER BY".into()),
        "WHERE" if has("RETURN") => return Some("WHERE stands before RETURN, directly after MATCH or WITH".into()),
        "WHERE" => return Some("WHERE stands directly after MATCH or WITH".into()),
        "ORDER" if has("LIMIT") || has("SKIP") => return Some("ORDER BY stands before SKIP and LIMIT".into()),
        "SKIP" | "OFFSET" if has("LIMIT") => return Some("SKIP stands before LIMIT".into()),
        "RETURN" | "WITH" | "FROM" | "ORDER" | "LIMIT" if before.ends_with(',') => {
            return Some("leave out the comma before it".into());
        }
        "AS" if before.ends_with('*') => return Some("`*` has no name: list what you want to name".into()),
        "DISTINCT" if has("RETURN") => return Some("DISTINCT stands directly after RETURN".into()),
        _ => {}
    }
    if before.ends_with(',') && rest.starts_with([')', ']', '}']) {
        return Some("leave out the comma before the bracket".into());
    }
    if rest.starts_with('?') {
        return Some("variables have no `?` before them".into());
    }
    if rest.starts_with('"') || rest.starts_with('\'') {
        return (before.ends_with(':')).then(|| "a label with spaces goes between backticks, not quotes".into());
    }
    None
}

/// Whether a text ends in `IN`, before a bracket.
fn opens_list(before: &str) -> bool {
    before.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(|w| w.eq_ignore_ascii_case("in"))
}

/// The keyword or the word before it that was probably meant.
fn keyword_help(text: &str, at: usize, word: &str, expected: &[Expected]) -> Option<String> {
    let keywords = expected.iter().filter_map(|e| match e {
        Expected::Keyword(keyword) => keyword.split(' ').next(),
        _ => None,
    });
    let keywords = keywords.collect::<Vec<_>>();
    let suggest = |found: &str, meant: &str| {
        (!found.eq_ignore_ascii_case(meant)).then(|| format!("did you mean {meant} instead of `{found}`?"))
    };
    if word.starts_with(char::is_alphabetic) {
        if let Some(meant) = nearest(word, keywords.iter().copied()) {
            return suggest(word, meant);
        }
        let all = [
            "MATCH", "WHERE", "RETURN", "WITH", "ORDER", "LIMIT", "SKIP", "UNWIND", "UNION", "OPTIONAL", "DISTINCT",
            "CREATE",
        ];
        if let Some(meant) = nearest(word, all) {
            return suggest(word, meant);
        }
    }
    // A misspelt keyword may have been taken for a name, and the parser stopped at what follows it.
    let before = text[..at].trim_end();
    let start = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
    let previous = &before[start..];
    let all = [
        "MATCH", "WHERE", "RETURN", "WITH", "ORDER", "LIMIT", "SKIP", "UNWIND", "UNION", "OPTIONAL", "DISTINCT",
        "STARTS", "ENDS", "CONTAINS", "EXISTS",
    ];
    let glued = text[..start].trim_end().ends_with(['.', ':', '(', '[', ',']);
    match nearest(previous, all) {
        Some(meant) if !glued && previous.len() > 3 => suggest(previous, meant),
        _ => None,
    }
}
