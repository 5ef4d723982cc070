//! What may be wrong with a rule file, said with its place and the remedy.

use std::fmt;

use super::ast::Pos;

/// An error in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// Name of the file.
    pub file: String,
    /// Where in it.
    pub pos: Pos,
    /// What is wrong, in words.
    pub message: String,
    /// What to write instead, where that is clear.
    pub suggestion: Option<String>,
    /// The line of the file.
    pub line: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.pos.line, self.pos.column, self.message)?;
        if let Some(s) = &self.suggestion {
            write!(f, "; {s}")?;
        }
        if !self.line.trim().is_empty() {
            let column = (self.pos.column as usize).saturating_sub(1);
            let pad: String = self.line.chars().take(column).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            write!(f, "\n  | {}\n  | {pad}^", self.line)?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleError {}

/// Errors of one or more rule files, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleErrors(pub Vec<RuleError>);

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, e) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            e.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}

/// The word of `among` nearest to `word`, where one is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    let lower = word.to_lowercase();
    among
        .into_iter()
        .map(|w| (strsim::damerau_levenshtein(&lower, &w.to_lowercase()), w))
        .filter(|&(d, _)| d <= limit)
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(b.1)))
        .map(|(_, w)| w)
}
