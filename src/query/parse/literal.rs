//! Literals: numbers, strings and names.

use std::sync::Arc;

use super::super::ast::{ExprKind, Name, Span};
use super::super::error::{Detail, QueryError};
use super::{Built, Pair, Rule, span, unexpected};

/// A number literal as an expression, with the minus sign that stands directly before it.
pub(super) fn number(text: &str, negative: bool, place: Span) -> Built<ExprKind> {
    let invalid = |what: String| Err(QueryError::syntax(Detail::InvalidNumberLiteral, what, place));
    let overflow = || {
        let message = format!("the integer `{}{text}` does not fit in 64 bits", if negative { "-" } else { "" });
        Err(QueryError::syntax(Detail::IntegerOverflow, message, place)
            .help("write it as a decimal number, `1.0e19`, if it need not be exact"))
    };
    let lower = text.to_ascii_lowercase();
    let radix = match lower.get(..2) {
        Some("0x") => Some((16, "hexadecimal", "0-9 and A-F")),
        Some("0o") => Some((8, "octal", "0-7")),
        _ => None,
    };
    if let Some((base, called, digits)) = radix {
        let body = lower[2..].replace('_', "");
        if body.is_empty() || !body.chars().all(|c| c.is_digit(base)) {
            return invalid(format!("`{text}` is not a {called} number: after `{}` come digits {digits}", &text[..2]));
        }
        return match signed(&body, base, negative) {
            Some(value) => Ok(ExprKind::Integer(value)),
            None => overflow(),
        };
    }
    let plain = if lower.contains('_') { separated(&lower) } else { Some(lower) };
    let Some(plain) = plain else { return invalid(format!("`{text}` is not a number")) };
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        return match signed(&plain, 10, negative) {
            Some(value) => Ok(ExprKind::Integer(value)),
            None => overflow(),
        };
    }
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(ExprKind::Float(if negative { -value } else { value })),
        Ok(_) => {
            let message = format!("the number `{text}` is too large");
            Err(QueryError::syntax(Detail::FloatingPointOverflow, message, place).help("the largest is about 1.8e308"))
        }
        Err(_) => invalid(format!("`{text}` is not a number")),
    }
}

/// Digits with single underscores between them, the underscores taken out.
fn separated(text: &str) -> Option<String> {
    let sound = !text.starts_with('_') && !text.ends_with('_') && !text.contains("__");
    sound.then(|| text.replace('_', ""))
}

fn signed(digits: &str, radix: u32, negative: bool) -> Option<i64> {
    if negative {
        i64::from_str_radix(&format!("-{digits}"), radix).ok()
    } else {
        i64::from_str_radix(digits, radix).ok()
    }
}

/// A small whole number of a path pattern (`*1..4`, `{2}`, `SHORTEST 3`).
pub(super) fn small(pair: &Pair<'_>) -> Built<u32> {
    pair.as_str().parse::<u32>().map_err(|_| {
        let message = format!("`{}` is no length of a path", pair.as_str());
        QueryError::syntax(Detail::InvalidRelationshipPattern, message, span(pair))
            .help("lengths are whole numbers from 0 to 4294967295")
    })
}

/// The text of a string literal, escapes undone.
pub(super) fn string(pair: &Pair<'_>) -> Built<Arc<str>> {
    let written = pair.as_str();
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    if !inner.contains('\\') {
        return Ok(inner.into());
    }
    let base = pair.as_span().start() + 1;
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = base + inner.len() - rest.len() + at;
        let mut chars = rest[at + 1..].chars();
        let kind = chars.next();
        rest = chars.as_str();
        match kind {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{C}'),
            Some(c @ ('\\' | '\'' | '"' | '`' | '/')) => out.push(c),
            Some(c @ ('u' | 'U')) => {
                let length = if c == 'u' { 4 } else { 8 };
                let (decoded, used) = unicode(rest, length).ok_or_else(|| {
                    let shown = rest.chars().take(length).collect::<String>();
                    let message =
                        format!("`\\{c}{shown}` is not a character: `\\{c}` takes {length} hexadecimal digits");
                    QueryError::syntax(Detail::InvalidUnicodeLiteral, message, Span::new(escape, escape + 2))
                })?;
                out.push(decoded);
                rest = &rest[used..];
            }
            other => {
                let shown = other.map(String::from).unwrap_or_default();
                let end = escape + 1 + shown.len();
                let message = format!("`\\{shown}` is not an escape in a string");
                return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, Span::new(escape, end))
                    .help("write `\\\\` for a backslash; the escapes are \\\\ \\' \\\" \\n \\t \\r \\b \\f \\uXXXX"));
            }
        }
    }
    out.push_str(rest);
    Ok(out.into())
}

/// The character of a `\u` escape and the bytes it takes; a pair of surrogates counts as one.
fn unicode(rest: &str, length: usize) -> Option<(char, usize)> {
    let code = hex(rest, length)?;
    if length == 4 && (0xD800..0xDC00).contains(&code) {
        let low = rest.get(4..)?.strip_prefix("\\u").and_then(|r| hex(r, 4))?;
        let low = low.checked_sub(0xDC00).filter(|l| *l < 0x400)?;
        return char::from_u32(0x10000 + ((code - 0xD800) << 10) + low).map(|c| (c, 10));
    }
    char::from_u32(code).map(|c| (c, length))
}

fn hex(text: &str, length: usize) -> Option<u32> {
    let digits = text.get(..length)?;
    if digits.bytes().all(|b| b.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
}

/// A name from `variable`, `name`, `parameter`, or from the tokens themselves.
pub(super) fn name(pair: &Pair<'_>) -> Built<Name> {
    let place = span(pair);
    let leaf = leaf(pair.clone());
    match leaf.as_rule() {
        Rule::plain_name | Rule::parameter_number => Ok(Name::new(leaf.as_str(), place)),
        Rule::quoted_name => {
            let written = leaf.as_str();
            let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
            Ok(Name::new(inner.replace("``", "`"), place))
        }
        _ => Err(unexpected(pair)),
    }
}

fn leaf(pair: Pair<'_>) -> Pair<'_> {
    let mut at = pair;
    while let Some(inner) = at.clone().into_inner().next_back() {
        at = inner;
    }
    at
}

/// The name of a function or procedure, its parts joined by dots.
pub(super) fn dotted(pair: &Pair<'_>) -> Built<Name> {
    let place = span(pair);
    let mut text = String::new();
    for part in pair.clone().into_inner().filter(|p| p.as_rule() == Rule::name) {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(&name(&part)?.text);
    }
    Ok(Name::new(text, place))
}
