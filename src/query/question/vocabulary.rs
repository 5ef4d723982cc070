//! The words of questions, read from `grammar/vocabulary/LANG`: nouns, forms, suffixes. Nothing of a language stands here.
//!
//! The file has sections in brackets. `[nouns]`: `word, word = Label | Label` (or `*anyone`, `*anything`, `*municipality`).
//! `[roles]`: `sense = word, word`. `[forms]`: `MEANING: template ; template`, `[suffixes]` likewise, `[relations]`:
//! `RELATION = noun, noun`. `[words]`: `sense = phrase > phrase, …`, what a phrase is replaced by before the forms are tried (`count`,
//! `not`, `polite`, `article`: words before a name that are no part of it, `plural`:
//! verbs that examples take of several). In a template `(a|b)` is one of several words or phrases, `[a]` may be left out, `{T}` is a noun,
//! `{A} {B} {C} {P} {D}` are names (`{P~ssa|ssä}`: whose last word ends so; `{T~Project}`: a noun for that label), `{N}` a number, `{Y}` a year or date, `{R}` a relation or a noun for one.

use std::sync::LazyLock;

use indexmap::IndexMap;

use crate::model::Relation;

/// What a noun of a question may stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noun {
    /// Entities with one of these labels.
    Labels(Vec<String>),
    /// Whoever the relation allows at that end.
    Anyone,
    /// Any entity.
    Anything,
    /// Municipalities as regions, and the bodies named after one.
    Municipality,
}

/// What stands at a place of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// One of these phrases; `true` where it may be left out.
    Phrase(Vec<Vec<String>>, bool),
    /// A hole, by its letter.
    Hole(char),
    /// A name whose last word ends in one of these (`{P~ssa|ssä}`, a place as Finnish inflects it), or a noun that stands
    /// for these labels alone (`{T~Project|Programme}`).
    Ending(char, Vec<String>),
}

/// What a form asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The facts of one relation.
    Relation {
        /// The relation; `None` for MENTIONS, which is no relation between entities.
        relation: Option<Relation>,
        /// Whether the start of the fact is asked for (else its end).
        start: bool,
        /// The sense of the role that is asked for, a key of `[roles]`.
        role: Option<String>,
    },
    /// The sentences behind a fact between A and B.
    Why(Relation),
    /// Whether there is a fact between A and B, and since when.
    Fact(Relation),
    /// When something happened or holds: the dated facts of A.
    When,
    /// What lies on the chains between A and B.
    Link,
    /// The shortest chains themselves.
    Chains,
    /// What A and B both have a fact with.
    Share,
    /// What is known of A.
    Card,
    /// The neighbourhood of A.
    Show,
    /// The sentences along the shortest chains.
    WhyLink,
    /// Why nothing links A and B.
    WhyNotLink,
    /// Those that have no fact of a relation.
    Without,
    /// Those with the most facts.
    Top,
    /// All of a noun.
    List,
}

/// A question form: one template with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) meaning: Meaning,
    pub(super) pieces: Vec<Piece>,
    /// As the file has it, for help and for the nearest form.
    pub(super) text: String,
}

/// A suffix: one template with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suffix {
    pub(super) name: String,
    pub(super) pieces: Vec<Piece>,
}

/// A phrase and what it reads as.
pub(super) type Replaced = (Vec<String>, Vec<String>);

/// The words of questions in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary {
    /// Its BCP 47 tag.
    pub language: String,
    pub(super) nouns: Vec<(Vec<String>, Noun)>,
    pub(super) roles: IndexMap<String, Vec<String>>,
    /// Sense → (phrase, what it reads as).
    pub(super) words: IndexMap<String, Vec<Replaced>>,
    pub(super) forms: Vec<Form>,
    pub(super) suffixes: Vec<Suffix>,
    pub(super) relations: Vec<(Vec<String>, Relation)>,
}

/// A vocabulary file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("vocabulary `{file}`, line {line}: {message}")]
pub struct VocabularyError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// The built-in vocabularies. A language is a file in `grammar/vocabulary` and a line here.
static BUILTIN: LazyLock<Vec<Vocabulary>> = LazyLock::new(|| {
    [
        ("en", include_str!("../../../grammar/vocabulary/en")),
        ("sv", include_str!("../../../grammar/vocabulary/sv")),
        ("fi", include_str!("../../../grammar/vocabulary/fi")),
    ]
    .iter()
    // A built-in file that does not load is caught by a test; a question then finds no form and says so.
    .filter_map(|(name, text)| Vocabulary::parse(name, text).ok())
    .collect()
});

impl Vocabulary {
    /// The built-in ones, English first.
    pub fn builtin() -> &'static [Vocabulary] {
        &BUILTIN
    }

    /// The forms as their file has them, for `:help questions` and for completion.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().map(|f| f.text.as_str())
    }

    /// Every noun, for completion.
    pub fn nouns(&self) -> impl Iterator<Item = String> {
        self.nouns.iter().map(|(words, _)| words.join(" "))
    }

    /// The words of a role that have a sense (`leads`, `chairs`).
    pub fn role(&self, sense: &str) -> &[String] {
        self.roles.get(sense).map_or(&[], Vec::as_slice)
    }

    /// Every word that the forms and suffixes use, and the nouns, for completion.
    pub fn words_of_forms(&self) -> Vec<String> {
        let pieces = self.forms.iter().flat_map(|f| &f.pieces).chain(self.suffixes.iter().flat_map(|s| &s.pieces));
        let mut out: Vec<String> = pieces
            .filter_map(|p| if let Piece::Phrase(phrases, _) = p { Some(phrases) } else { None })
            .flatten()
            .flatten()
            .cloned()
            .chain(self.nouns())
            .collect();
        out.sort();
        out.dedup();
        out
    }

    /// The label or relation for which questions in any language use a word: `Företag` is a Company, `FINANCES` is FUNDS.
    pub fn meant(what: &str, word: &str) -> Option<&'static str> {
        let said = words(&word.replace('_', " "));
        let all = Vocabulary::builtin();
        match what {
            "label" => all.iter().flat_map(|v| &v.nouns).find_map(|(noun, meaning)| match meaning {
                Noun::Labels(labels) if *noun == said => labels.first().map(String::as_str),
                Noun::Municipality if *noun == said => Some("Municipality"),
                _ => None,
            }),
            "relation" => {
                let noun = all.iter().flat_map(|v| &v.relations).find(|(noun, _)| *noun == said).map(|(_, r)| *r);
                let verb = || {
                    all.iter().flat_map(|v| &v.forms).find_map(|form| match form.meaning {
                        Meaning::Relation { relation: Some(relation), .. } => form
                            .pieces
                            .iter()
                            .any(|p| matches!(p, Piece::Phrase(phrases, _) if phrases.contains(&said)))
                            .then_some(relation),
                        _ => None,
                    })
                };
                noun.or_else(verb).map(Relation::word)
            }
            _ => None,
        }
    }

    /// The words that a phrase of a sense may be, joined: `the city of`.
    pub(super) fn has_word(&self, sense: &str, word: &str) -> bool {
        self.words.get(sense).into_iter().flatten().any(|(phrase, _)| phrase.join(" ") == word)
    }

    /// A noun for whoever it may be, in the plural where the file has one: what stands for T in examples.
    pub(super) fn anyone(&self) -> String {
        let mut nouns = self.nouns.iter().filter(|(_, noun)| *noun == Noun::Anyone).map(|(words, _)| words.join(" "));
        let first = nouns.next().unwrap_or_default();
        nouns.next().unwrap_or(first)
    }

    /// Whether a question in this language may begin with the word (lower-cased).
    pub fn opens_with(&self, word: &str) -> bool {
        let counts = self.words.get("count").into_iter().flatten();
        counts.filter_map(|(p, _)| p.first()).any(|w| w == word)
            || self.forms.iter().any(|f| {
                for piece in &f.pieces {
                    match piece {
                        Piece::Phrase(phrases, optional) => {
                            if phrases.iter().any(|p| p.first().is_some_and(|w| w == word)) {
                                return true;
                            }
                            if !optional {
                                return false;
                            }
                        }
                        Piece::Hole(_) | Piece::Ending(..) => return false,
                    }
                }
                false
            })
    }

    /// Reads a vocabulary file.
    ///
    /// # Errors
    /// Says the line and what it should look like.
    pub fn parse(file: &str, text: &str) -> Result<Vocabulary, VocabularyError> {
        let mut out = Vocabulary {
            language: file.to_owned(),
            nouns: Vec::new(),
            roles: IndexMap::new(),
            words: IndexMap::new(),
            forms: Vec::new(),
            suffixes: Vec::new(),
            relations: Vec::new(),
        };
        let mut section = String::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            let bad =
                |message: &str| VocabularyError { file: file.to_owned(), line: n + 1, message: message.to_owned() };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(tag) = line.strip_prefix("language ") {
                out.language = tag.split_whitespace().next().unwrap_or(file).to_owned();
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                section = name.to_owned();
                continue;
            }
            match section.as_str() {
                "forms" | "suffixes" => {
                    let (meaning, templates) =
                        line.split_once(": ").ok_or_else(|| bad("write `MEANING: template ; template`"))?;
                    for template in templates.split(" ; ") {
                        let pieces = template_pieces(template).map_err(|m| bad(&m))?;
                        if section == "forms" {
                            let meaning = Meaning::parse(meaning).ok_or_else(|| {
                                bad("this meaning is not known; write `MEMBER_OF x>a`, `link`, `card` …")
                            })?;
                            out.forms.push(Form { meaning, pieces, text: template.trim().to_owned() });
                        } else {
                            out.suffixes.push(Suffix { name: meaning.trim().to_owned(), pieces });
                        }
                    }
                }
                "nouns" | "roles" | "relations" | "words" => {
                    let (left, right) = line.split_once('=').ok_or_else(|| bad("an `=` is missing"))?;
                    let list = |s: &str| s.split(',').map(words).filter(|w| !w.is_empty()).collect::<Vec<_>>();
                    match section.as_str() {
                        "nouns" => {
                            let noun = match right.trim() {
                                "*anyone" => Noun::Anyone,
                                "*anything" => Noun::Anything,
                                "*municipality" => Noun::Municipality,
                                labels => Noun::Labels(labels.split('|').map(|l| l.trim().to_owned()).collect()),
                            };
                            out.nouns.extend(list(left).into_iter().map(|w| (w, noun.clone())));
                        }
                        "roles" => {
                            out.roles.insert(left.trim().to_owned(), list(right).iter().map(|w| w.join(" ")).collect());
                        }
                        "words" => {
                            let pairs = right.split(',').map(|p| {
                                p.split_once('>').map_or((words(p), Vec::new()), |(a, b)| (words(a), words(b)))
                            });
                            out.words.insert(left.trim().to_owned(), pairs.collect());
                        }
                        _ => {
                            let relation = Relation::from_word(left.trim())
                                .ok_or_else(|| bad("this is none of the thirteen relations"))?;
                            out.relations.extend(list(right).into_iter().map(|w| (w, relation)));
                        }
                    }
                }
                _ => return Err(bad("a line outside a section; begin with [nouns], [forms], [suffixes] …")),
            }
        }
        // Longer nouns first, so that `cooperation agreement` is not read as `agreement`.
        out.nouns.sort_by_key(|(w, _)| std::cmp::Reverse(w.len()));
        out.relations.sort_by_key(|(w, _)| std::cmp::Reverse(w.len()));
        Ok(out)
    }
}

impl Meaning {
    /// Whether a question of this meaning can be asked in the negative.
    pub(super) fn has_contrary(&self) -> bool {
        matches!(self, Meaning::Relation { relation: Some(_), .. } | Meaning::Why(_))
    }

    /// Whether its answers can be counted.
    pub(super) fn counts(&self) -> bool {
        matches!(self, Meaning::Relation { .. } | Meaning::Link | Meaning::Share | Meaning::Without | Meaning::List)
    }

    /// Whether it searches chains, so that `within N steps` and `via` mean something.
    pub(super) fn searches_chains(&self) -> bool {
        matches!(self, Meaning::Link | Meaning::Chains | Meaning::WhyLink | Meaning::WhyNotLink)
    }

    fn parse(text: &str) -> Option<Meaning> {
        let mut fields = text.split_whitespace();
        let head = fields.next()?;
        let simple = match head {
            "link" => Some(Meaning::Link),
            "chains" => Some(Meaning::Chains),
            "share" => Some(Meaning::Share),
            "card" => Some(Meaning::Card),
            "show" => Some(Meaning::Show),
            "whylink" => Some(Meaning::WhyLink),
            "whynotlink" => Some(Meaning::WhyNotLink),
            "without" => Some(Meaning::Without),
            "top" => Some(Meaning::Top),
            "list" => Some(Meaning::List),
            "when" => Some(Meaning::When),
            _ => None,
        };
        if simple.is_some() {
            return simple;
        }
        let relation = if head == "MENTIONS" { None } else { Some(Relation::from_word(head)?) };
        match fields.next()? {
            "why" => relation.map(Meaning::Why),
            "is" => relation.map(Meaning::Fact),
            arrow @ ("x>a" | "a>x") => {
                let role = fields.next().and_then(|f| f.strip_prefix("role=")).map(str::to_owned);
                Some(Meaning::Relation { relation, start: arrow == "x>a", role })
            }
            _ => None,
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// `(which|what) {T} (is|are) [a] member of {A}`
fn template_pieces(template: &str) -> Result<Vec<Piece>, String> {
    let mut out = Vec::new();
    let mut rest = template.trim();
    while !rest.is_empty() {
        let close = |c: char| rest.find(c).ok_or_else(|| format!("`{c}` is missing in `{template}`"));
        let taken = match rest.as_bytes()[0] {
            b'{' => {
                let end = close('}')?;
                let (hole, endings) = rest[1..end].split_once('~').unwrap_or((&rest[1..end], ""));
                let mut letters = hole.chars();
                match (letters.next(), letters.next()) {
                    (Some(c @ ('T' | 'A' | 'B' | 'C' | 'P' | 'D')), None) if !endings.is_empty() => {
                        out.push(Piece::Ending(c, endings.split('|').map(str::to_owned).collect()));
                    }
                    (Some(c @ ('T' | 'A' | 'B' | 'C' | 'P' | 'D' | 'N' | 'Y' | 'R')), None) => out.push(Piece::Hole(c)),
                    _ => {
                        return Err(format!(
                            "`{}` is no hole; holes are {{T}} {{A}} {{B}} {{C}} {{P}} {{D}} {{N}} {{Y}} {{R}}",
                            &rest[..=end]
                        ));
                    }
                }
                end + 1
            }
            open @ (b'(' | b'[') => {
                let end = close(if open == b'(' { ')' } else { ']' })?;
                let phrases = rest[1..end].split('|').map(words).collect();
                out.push(Piece::Phrase(phrases, open == b'['));
                end + 1
            }
            _ => {
                let end = rest.find([' ', '{', '(', '[']).unwrap_or(rest.len());
                out.push(Piece::Phrase(vec![words(&rest[..end])], false));
                end
            }
        };
        rest = rest[taken..].trim_start();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_file_loads() {
        for name in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/grammar/vocabulary")).unwrap() {
            let path = name.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let v = Vocabulary::parse(&path.display().to_string(), &text).unwrap();
            assert!(
                Vocabulary::builtin().iter().any(|b| b.language == v.language),
                "{} is not listed in BUILTIN",
                v.language
            );
            assert!(v.forms.len() > 60, "{}", v.forms.len());
        }
    }

    #[test]
    fn errors_say_the_line() {
        let e = Vocabulary::parse("x", "[forms]\nlink: which {T\n").unwrap_err();
        assert_eq!((e.line, e.message.contains("`}` is missing")), (2, true));
        let e = Vocabulary::parse("x", "[relations]\nLIKES = likes\n").unwrap_err();
        assert!(e.to_string().contains("thirteen"));
    }
}
