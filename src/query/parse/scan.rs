//! What can be told of a text without the grammar: strings, comments, brackets, the first word, statement ends.

use std::ops::Range;

use pest::Parser as _;

use super::super::ast::{Body, Clause, Span};
use super::super::error::{Detail, ErrorType, QueryError};
use super::super::stack::roomy;
use super::report::nearest;
use super::{Grammar, MAX_NESTING, Rule, parse};

/// The shape of a text: what is left open in it.
#[derive(Debug, Default)]
pub(super) struct Lexical {
    /// Brackets without a partner so far (`C` for `CASE`) and where they stand.
    pub(super) open: Vec<(char, usize)>,
    /// The first closing bracket that does not fit, with the bracket that it meets.
    pub(super) mismatch: Option<(Option<(char, usize)>, usize)>,
    /// A string, quoted name or comment without an end: what it is and where it begins.
    pub(super) unclosed: Option<(&'static str, usize)>,
    /// Where brackets are nested too deep.
    pub(super) too_deep: Option<usize>,
}

/// Words with which a query begins.
pub(super) const CLAUSES: [&str; 13] = [
    "MATCH", "OPTIONAL", "WITH", "RETURN", "UNWIND", "CREATE", "MERGE", "DELETE", "DETACH", "SET", "REMOVE", "CALL",
    "WHERE",
];

/// Words with which statements of other languages begin.
pub(super) const FOREIGN: [&str; 16] = [
    "SELECT",
    "FROM",
    "INSERT",
    "UPDATE",
    "PREFIX",
    "ASK",
    "CONSTRUCT",
    "DESCRIBE",
    "LOAD",
    "USE",
    "FOREACH",
    "DROP",
    "ALTER",
    "HAVING",
    "GROUP",
    "FILTER",
];

/// The end of a string, quoted name or comment that begins at `at`, or what is left open; `None` if none begins there.
fn skip(bytes: &[u8], at: usize) -> Option<Result<usize, &'static str>> {
    let quote = bytes[at];
    match quote {
        b'\'' | b'"' => {
            let mut i = at + 1;
            while i < bytes.len() {
                match bytes[i] {
                    b'\\' => i += 2,
                    b if b == quote => return Some(Ok(i + 1)),
                    _ => i += 1,
                }
            }
            Some(Err("string"))
        }
        b'`' => {
            let mut i = at + 1;
            while i < bytes.len() {
                match bytes[i] {
                    b'`' if bytes.get(i + 1) == Some(&b'`') => i += 2,
                    b'`' => return Some(Ok(i + 1)),
                    _ => i += 1,
                }
            }
            // Two backticks at the end of an otherwise open name are the empty name.
            Some(if bytes.get(at + 1) == Some(&b'`') { Ok(at + 2) } else { Err("quoted name") })
        }
        b'/' if bytes.get(at + 1) == Some(&b'/') => {
            Some(Ok(memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n)))
        }
        b'/' if bytes.get(at + 1) == Some(&b'*') => {
            let end = memchr::memmem::find(&bytes[at + 2..], b"*/");
            Some(end.map(|n| at + 2 + n + 2).ok_or("comment"))
        }
        _ => None,
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| !is_word(*b)).map_or(bytes.len(), |n| at + n)
}

/// Reads the shape of a query.
pub(super) fn scan(text: &str) -> Lexical {
    let bytes = text.as_bytes();
    let mut out = Lexical::default();
    let mut i = 0;
    let mut before = b' ';
    while i < bytes.len() {
        match skip(bytes, i) {
            Some(Ok(end)) => {
                (i, before) = (end, b'\'');
                continue;
            }
            Some(Err(what)) => {
                out.unclosed = Some((what, i));
                return out;
            }
            None => {}
        }
        match bytes[i] {
            open @ (b'(' | b'[' | b'{') => out.open.push((open as char, i)),
            close @ (b')' | b']' | b'}') => {
                while matches!(out.open.last(), Some(('C', _))) {
                    out.open.pop();
                }
                let wanted = match close {
                    b')' => '(',
                    b']' => '[',
                    _ => '{',
                };
                match out.open.pop() {
                    Some((open, _)) if open == wanted => {}
                    met => out.mismatch = out.mismatch.or(Some((met, i))),
                }
            }
            b if is_word(b) => {
                let end = word_end(bytes, i);
                let word = &bytes[i..end];
                if !matches!(before, b'.' | b':' | b'$') {
                    if word.eq_ignore_ascii_case(b"case") {
                        out.open.push(('C', i));
                    } else if word.eq_ignore_ascii_case(b"end") && matches!(out.open.last(), Some(('C', _))) {
                        out.open.pop();
                    }
                }
                (i, before) = (end, b'a');
                if out.open.len() > MAX_NESTING {
                    out.too_deep = out.too_deep.or(Some(i));
                }
                continue;
            }
            _ => {}
        }
        if out.open.len() > MAX_NESTING {
            out.too_deep = out.too_deep.or(Some(i));
        }
        if !bytes[i].is_ascii_whitespace() {
            before = bytes[i];
        }
        i += 1;
    }
    out
}

/// Refuses brackets nested deeper than the parser's recursion may go.
pub(super) fn check_nesting(lexical: &Lexical) -> Result<(), QueryError> {
    match lexical.too_deep {
        None => Ok(()),
        Some(at) => {
            let message = format!("more than {MAX_NESTING} brackets are open here");
            Err(QueryError::compile(ErrorType::SyntaxError, Detail::NestingTooDeep, message)
                .at(Span::new(at, at + 1))
                .help("split the expression with WITH, or give nested data as a parameter"))
        }
    }
}

/// Where the first thing begins that is neither space nor comment.
pub(super) fn start(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}').len();
        match text.as_bytes().get(at) {
            Some(b'/') => match skip(text.as_bytes(), at) {
                Some(Ok(end)) => at = end,
                _ => return at,
            },
            _ => return at,
        }
    }
}

/// The first word after `EXPLAIN` or `PROFILE`, and where it stands; empty where no word stands.
pub(super) fn first_word(text: &str) -> (&str, usize) {
    let word_at = |from: usize| {
        let at = start(text, from);
        let end = text[at..].find(|c: char| !c.is_alphanumeric() && c != '_').map_or(text.len(), |n| at + n);
        (&text[at..end], at)
    };
    let (word, at) = word_at(0);
    if word.eq_ignore_ascii_case("explain") || word.eq_ignore_ascii_case("profile") {
        return word_at(at + word.len());
    }
    (word, at)
}

fn among(words: &[&str], word: &str) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether a statement is a question: its first word decides. A word that is nearly a clause's, before something that
/// looks like a query, is taken for the clause, so that the error can say so.
pub fn is_question(text: &str) -> bool {
    let (word, at) = first_word(text);
    if word.is_empty() {
        return text[at..].starts_with(['"', '“', '”', '«', '»', '„', '\'']);
    }
    let rest = &text[at + word.len()..];
    if word.starts_with(|c: char| c.is_ascii_digit()) || among(&CLAUSES, word) {
        return asks(word, rest);
    }
    if among(&FOREIGN, word) {
        return false;
    }
    !(nearest(word, CLAUSES.iter().copied()).is_some() && looks_like_query(rest))
}

/// `where is A`, `with whom does A work`: clauses' words with which English asks, before nothing that a query has.
fn asks(word: &str, rest: &str) -> bool {
    let next = rest.split_whitespace().next().unwrap_or_default();
    if word.eq_ignore_ascii_case("with") {
        return among(&["whom", "who", "which", "what"], next) && !looks_like_query(rest);
    }
    word.eq_ignore_ascii_case("where")
        && among(&["is", "are", "was", "were", "do", "does", "did", "has", "have", "will", "can", "the"], next)
        && !rest.contains(['=', '<', '>'])
        && !looks_like_query(rest)
}

/// Whether a text has the marks of a pattern query: a node in parentheses, or the word `RETURN`.
fn looks_like_query(rest: &str) -> bool {
    rest.trim_start().starts_with('(')
        || rest.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case("return"))
}

/// Whether a line that begins at `at` is there and holds nothing but space.
fn blank_line(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    at < bytes.len() && rest[..end].iter().all(u8::is_ascii_whitespace)
}

/// Cuts a script into its statements: at semicolons and at blank lines, those in strings, names and comments left
/// alone. The ranges (bytes) hold no space at either end and no semicolon; what holds only comments is left out.
///
/// ```
/// use samband::query::parse::split;
/// let script = "RETURN ';' AS a; // one; two\nwho leads Bo's Bygg AB?;";
/// let statements: Vec<&str> = split(script).into_iter().map(|range| &script[range]).collect();
/// assert_eq!(statements, ["RETURN ';' AS a", "// one; two\nwho leads Bo's Bygg AB?"]);
/// assert_eq!(split("// What\n\nRETURN 1\n\nRETURN 2").len(), 2);
/// ```
pub fn split(script: &str) -> Vec<Range<usize>> {
    let bytes = script.as_bytes();
    let mut out = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        let question = is_question(&script[from..]);
        let mut i = start(script, from);
        while i < bytes.len() && bytes[i] != b';' && !(bytes[i] == b'\n' && blank_line(bytes, i + 1)) {
            // An apostrophe inside a word of a question, or one without a partner, opens nothing.
            let apostrophe = question && bytes[i] == b'\'' && i > 0 && is_word(bytes[i - 1]);
            let comment = question && bytes[i] == b'/';
            i = match skip(bytes, i) {
                Some(Ok(end)) if !apostrophe && !comment => end,
                Some(Err(_)) if !question => bytes.len(),
                _ => i + 1,
            };
        }
        let statement = &script[from..i];
        let lead = statement.len() - statement.trim_start().len();
        if start(script, from) < i {
            out.push(from + lead..from + statement.trim_end().len());
        }
        from = i + 1;
    }
    out
}

/// Whether a text is a whole statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It can be run (it may still fail its checks).
    Complete,
    /// It is right as far as it goes: more must follow.
    Incomplete,
    /// No continuation would make it right.
    Wrong,
}

/// Tells a half-written statement from a wrong one: what a shell asks when the user presses Enter.
///
/// ```
/// use samband::query::parse::{Completeness, completeness};
/// assert_eq!(completeness("MATCH (n)"), Completeness::Incomplete);
/// assert_eq!(completeness("MATCH (n) RETURN n"), Completeness::Complete);
/// assert_eq!(completeness("MATCH (n) RETURN )"), Completeness::Wrong);
/// ```
pub fn completeness(text: &str) -> Completeness {
    if start(text, 0) == text.len() || is_question(text) {
        return Completeness::Complete;
    }
    let lexical = scan(text);
    if lexical.too_deep.is_some() || lexical.mismatch.is_some() {
        return Completeness::Wrong;
    }
    if lexical.unclosed.is_some() {
        return Completeness::Incomplete;
    }
    match roomy(|| Grammar::parse(Rule::statement, text)) {
        Err(error) => {
            let at = match error.location {
                pest::error::InputLocation::Pos(at) => at,
                pest::error::InputLocation::Span((at, _)) => at,
            };
            if start(text, at) >= text.len() { Completeness::Incomplete } else { Completeness::Wrong }
        }
        Ok(_) => match parse(text).map(|statement| statement.body) {
            Ok(Body::Query(query)) => {
                let last = query.parts.last().and_then(|part| part.clauses.last());
                let open = matches!(last, Some(Clause::Match(_) | Clause::With(_) | Clause::Unwind(_)));
                let ended = text.trim_end().ends_with(';');
                if open && !ended { Completeness::Incomplete } else { Completeness::Complete }
            }
            Ok(Body::Question(_)) => Completeness::Complete,
            Err(_) => Completeness::Wrong,
        },
    }
}
