//! Tokens, sentences, languages, inflection, dates and numbers in words. Knows neither actors nor regions.

mod dates;
mod inflect;
mod language;
mod sentences;
pub(crate) mod table;
mod tokens;

pub use crate::model::{fold, normal};
pub use dates::{DateContext, DateKind, DateMention, dates, document_date};
pub use inflect::{base_forms, case_of};
pub use language::{language, language_features, language_or};
pub use sentences::sentences;
pub use tokens::{shape, tokens};

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with inner hyphens, apostrophes, colons (`EU:s`, `Kanta-Hämeen`, `Bergvall-Kåreborn`) and digits (`G20`).
    Word,
    /// Digits, with inner separators (`2018`, `1 500`, `2–10`, `15.3`).
    Number,
    /// One mark of punctuation or a symbol.
    Punct,
}

/// How a word is capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// `kommun`
    Lower,
    /// `Luleå`
    Capitalised,
    /// `EU`, `AB`
    Upper,
    /// `iPhone`, `IndTech`
    Mixed,
    /// Numbers and punctuation.
    None,
}

/// One token of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text of the block.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is made of.
    pub kind: TokenKind,
    /// How it is capitalised.
    pub shape: Shape,
    /// Lower-cased, NFC.
    pub lower: String,
    /// Whether white space stands before it.
    pub spaced: bool,
}

/// One sentence of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// First byte in the text of the block (white space trimmed).
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Its tokens.
    pub tokens: Vec<Token>,
}

/// Grammatical case, as far as the languages mark it on names: all for Finnish, nominative and genitive elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// Luleå, Oulu
    Nominative,
    /// Luleås, Oulun
    Genitive,
    /// Oulua
    Partitive,
    /// Oulussa
    Inessive,
    /// Oulusta
    Elative,
    /// Ouluun
    Illative,
    /// Tampereella
    Adessive,
    /// Tampereelta
    Ablative,
    /// Tampereelle
    Allative,
    /// kaupunkina
    Essive,
    /// kaupungiksi
    Translative,
}

impl Case {
    /// The short names that rule files use: `nom gen par ine ela ill ade abl all ess tra`.
    pub const WORDS: [(&'static str, Case); 11] = [
        ("nom", Case::Nominative),
        ("gen", Case::Genitive),
        ("par", Case::Partitive),
        ("ine", Case::Inessive),
        ("ela", Case::Elative),
        ("ill", Case::Illative),
        ("ade", Case::Adessive),
        ("abl", Case::Ablative),
        ("all", Case::Allative),
        ("ess", Case::Essive),
        ("tra", Case::Translative),
    ];
}
