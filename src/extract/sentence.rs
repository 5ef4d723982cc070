//! A sentence as the rules see it: tokens, typed mentions, groups and clauses.

use std::ops::Range;

use crate::model::{Lang, LocalId, Type};
use crate::text::{Case, Token};

/// A mention within a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceMention {
    /// Its tokens, as indices into [`View::tokens`].
    pub tokens: Range<usize>,
    /// Which entity of the document.
    pub entity: LocalId,
    /// The type of that entity.
    pub ty: Type,
    /// The case in which its head stands.
    pub case: Case,
    /// The group that it belongs to, as an index into [`View::groups`].
    pub group: Option<usize>,
    /// Whether it is a reference (definite noun, pronoun, "vi") rather than a name.
    pub reference: bool,
}

/// A coordination: `A, B och C`. `each` in a rule distributes over its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its tokens, from the first member's first to the last member's last.
    pub tokens: Range<usize>,
    /// Its members, as indices into [`View::mentions`], in the order of the text.
    pub members: Vec<usize>,
    /// The case of its last member (in a Finnish coordination all agree).
    pub case: Case,
}

/// A sentence with all that is known of it before the rules run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View<'t> {
    /// Its language.
    pub lang: Lang,
    /// Index of its block in the document.
    pub block: usize,
    /// The text of its block: token offsets are into this.
    pub text: &'t str,
    /// First byte of the sentence in the text of the block.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Its tokens.
    pub tokens: &'t [Token],
    /// Its mentions, sorted by place, without overlap.
    pub mentions: Vec<SentenceMention>,
    /// Its coordinations, sorted by place, without overlap.
    pub groups: Vec<Group>,
    /// Its clauses as ranges of tokens: in order, without overlap, together the whole sentence.
    pub clauses: Vec<Range<usize>>,
}

impl View<'_> {
    /// The mention whose tokens hold this one.
    pub fn mention_at(&self, token: usize) -> Option<usize> {
        let i = self.mentions.partition_point(|m| m.tokens.end <= token);
        (self.mentions.get(i)?.tokens.contains(&token)).then_some(i)
    }

    /// The clause that holds a token.
    pub fn clause_at(&self, token: usize) -> usize {
        self.clauses.partition_point(|c| c.end <= token).min(self.clauses.len().saturating_sub(1))
    }
}
