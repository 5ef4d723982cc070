//! Places with their names in five languages, countries, first names and legal forms; loaded once, lazily. Reads no documents.
//!
//! The places and names lie in one packed file, `grammar/lexicon/lexicon.bin`, made by `grammar/lexicon/make.py` and
//! embedded in the program: opening it reads a header, a look-up walks a few bytes of it, and nothing is unpacked.
//! Legal forms and the class words of organisations ("kommun", "yliopisto") are plain text files beside it, read on
//! first use.
//!
//! ```
//! use samband::lexicon::lexicon;
//! use samband::model::{Lang, Type};
//! let lex = lexicon();
//! let city = lex.places("Luulaja").find(|c| c.place.ty == Type::City).expect("a city");
//! assert_eq!(lex.canonical(city.place.id, Lang::Sv), "Luleå");
//! assert_eq!(lex.canonical(city.place.id, Lang::Fi), "Luulaja");
//! ```

mod forms;
mod store;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::model::{Lang, Type};

pub use forms::{Head, LegalFamily, LegalForm, fold};
pub use store::{Candidates, Lexicon, Names, Word};

static DATA: &[u8] = include_bytes!("../../grammar/lexicon/lexicon.bin");
static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::open(DATA));

/// The lexicon of the program. The first call opens it, in some microseconds.
pub fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// A place of the lexicon. Ids hold for one version of the data file only: never store them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// What the lexicon knows of a place besides its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its key within the lexicon.
    pub id: PlaceId,
    /// Country, Province, Municipality, City, District or Area.
    pub ty: Type,
    /// ISO 3166 code of the country in which it lies (its own, for a country); none for an area across borders.
    pub country: Option<Country>,
    /// Inhabitants; 0 where not known.
    pub population: u32,
    /// The next larger administrative region: city → municipality → province → country → continent.
    pub parent: Option<PlaceId>,
}

/// A country code of two capital letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(pub [u8; 2]);

impl Country {
    /// The code as text: `SE`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Whether the country is one of the five Nordic ones, or Åland, the Faroes or Greenland.
    pub const fn is_nordic(self) -> bool {
        matches!(&self.0, b"SE" | b"FI" | b"NO" | b"DK" | b"IS" | b"AX" | b"FO" | b"GL")
    }
}

/// A set of languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Langs(pub(crate) u8);

impl Langs {
    /// The bit of names that belong to no language of ours, or to all.
    const OTHER: u8 = 0x40;

    /// Whether a language is in the set.
    pub const fn has(self, lang: Lang) -> bool {
        self.0 & (1 << lang as u8) != 0
    }

    /// Whether nothing is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its languages, in the order of [`Lang::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Lang> {
        Lang::ALL.iter().copied().filter(move |&l| self.has(l))
    }
}

/// How a name stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameClass {
    /// The name that the languages it is tagged with use first.
    Canonical,
    /// Another name in use, a longer or an official form.
    Alias,
    /// No longer in use (Dorpat, Kristiania), or found in old texts.
    Historical,
    /// Written without its diacritics (Goteborg).
    Plain,
}

/// One name of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'l> {
    /// As it is written.
    pub text: &'l str,
    /// The languages that use it; empty for a local name of a language that is none of ours.
    pub langs: Langs,
    /// How it stands to the place.
    pub class: NameClass,
}

/// One thing that a name can stand for, best first: countries before Nordic cities and municipalities before others,
/// then by population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'l> {
    /// The place.
    pub place: Place,
    /// The name of it that was looked up.
    pub name: Name<'l>,
    /// Whether the spelling is the same, capital letters too.
    pub exact: bool,
    /// Whether the name is also a common word (`Mark`, `Mora`, `Hur`), so that it needs context to be a place.
    pub common_word: bool,
}
