//! What the tests of this room share: sentences cut by hand.

use crate::text::{Shape, Token, TokenKind};

/// Cuts a sentence into tokens as `text` does, near enough for these tests.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut at = 0;
    for word in super::parse::tokenize(text) {
        let start = text[at..].find(&word).map_or(at, |i| at + i);
        let end = start + word.len();
        let first = word.chars().next().unwrap();
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        let kind = match first {
            c if c.is_ascii_digit() => TokenKind::Number,
            c if c.is_alphanumeric() => TokenKind::Word,
            _ => TokenKind::Punct,
        };
        let shape = match kind {
            TokenKind::Word if letters.iter().all(|c| c.is_lowercase()) => Shape::Lower,
            TokenKind::Word if letters.len() > 1 && letters.iter().all(|c| c.is_uppercase()) => Shape::Upper,
            TokenKind::Word if first.is_uppercase() => Shape::Capitalised,
            TokenKind::Word => Shape::Mixed,
            _ => Shape::None,
        };
        let spaced = start > at || at == 0;
        out.push(Token { start: start as u32, end: end as u32, kind, shape, lower: word.to_lowercase(), spaced });
        at = end;
    }
    out
}
