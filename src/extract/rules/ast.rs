//! A rule file as it was written: typed, with places, before words are interned. Knows neither pest nor matching.

use crate::model::{Lang, Modality, Relation, Type};
use crate::text::Case;

/// Where something stands in a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pos {
    /// Byte offset.
    pub offset: u32,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A set of entity types, one bit for each of [`Type::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TypeSet(pub u32);

impl TypeSet {
    /// Every type.
    pub const ANY: TypeSet = TypeSet(u32::MAX);

    /// Just one type.
    pub const fn one(ty: Type) -> TypeSet {
        TypeSet(1 << ty as u8)
    }

    /// All types that carry a label: `Actor` is every actor, `Organisation` every actor but a person.
    pub fn of_label(label: &str) -> Option<TypeSet> {
        let mut set = TypeSet(0);
        for &ty in Type::ALL {
            if ty.labels().contains(&label) {
                set = set.or(TypeSet::one(ty));
            }
        }
        (set.0 != 0).then_some(set)
    }

    /// Union.
    pub const fn or(self, other: TypeSet) -> TypeSet {
        TypeSet(self.0 | other.0)
    }

    /// Whether it holds a type.
    pub const fn has(self, ty: Type) -> bool {
        self.0 & (1 << ty as u8) != 0
    }

    /// Its types in the order of [`Type::ALL`].
    pub fn types(self) -> impl Iterator<Item = Type> {
        Type::ALL.iter().copied().filter(move |&t| self.has(t))
    }
}

/// One rule file.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleFile {
    /// Name of the file, for messages.
    pub name: String,
    /// The language whose sentences it reads.
    pub lang: Lang,
    /// The language's own name.
    pub title: Option<String>,
    /// Its statements in file order.
    pub items: Vec<Item>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// `paradigm verb1 { -a -ar … }`
    Paradigm(Paradigm),
    /// `inflect verb1 %samarbeta = samarbet | samverk ;`
    Inflect(Inflect),
    /// `class %head = vd | "verkställande direktör" ;`
    Class(Class),
    /// `case gen = -s ;`
    Case(CaseEndings),
    /// `cue negated = inte | ej ;`
    Cue(Cue),
    /// `mention municipality : PublicBody = name: [Cap]+ kommun ;`
    Mention(MentionRule),
    /// `list "delegationen från" <Region> ":" => TAKES_PART_IN(item, event) ;`
    List(ListRule),
    /// `table col "Medlem" => MEMBER_OF(cell, owner) ;`
    Table(TableRule),
    /// `apposition <Person> "," %head <Actor> => WORKS_FOR(person, actor) with role = %head ;`
    Apposition(AppositionRule),
    /// `event %resa : Visit name = head "till" <Region> ;`
    Event(EventRule),
    /// `corefer %förening : Association ;`
    Corefer(CoreferRule),
    /// `rule partner.cooperate "…" { … }`
    Rule(Rule),
}

/// Endings that stems take.
#[derive(Debug, Clone, PartialEq)]
pub struct Paradigm {
    /// Name.
    pub name: String,
    /// Endings; the first gives the base form.
    pub endings: Vec<Ending>,
    /// Where.
    pub pos: Pos,
}

/// One ending of a paradigm.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// The tag that stands before it (`gen`, `ended`, `we`).
    pub tag: Option<String>,
    /// Which of the stems `a / b / c` it joins, from 0.
    pub stem: usize,
    /// The letters.
    pub text: String,
}

/// Stems that follow a paradigm, as (part of) a class.
#[derive(Debug, Clone, PartialEq)]
pub struct Inflect {
    /// Name of the paradigm.
    pub paradigm: String,
    /// The class, without its sigil.
    pub class: String,
    /// The words: each a list of its stems. A stem that begins with `-` makes compounds too.
    pub words: Vec<Vec<String>>,
    /// Where.
    pub pos: Pos,
}

/// A class of words and phrases.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Name without sigil.
    pub name: String,
    /// What belongs to it.
    pub entries: Vec<ClassEntry>,
    /// Where.
    pub pos: Pos,
}

/// One alternative of a class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassEntry {
    /// Words one after the other: only words, affixes and classes.
    pub atoms: Vec<Atom>,
    /// A tag on the form (`kaupungin:gen`).
    pub tag: Option<String>,
}

/// Endings that mark a case on names that no lexicon knows.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEndings {
    /// The case.
    pub case: Case,
    /// The endings.
    pub endings: Vec<String>,
}

/// Which side of the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// Before it.
    Left,
    /// After it.
    Right,
    /// Either, the nearer first.
    #[default]
    Any,
    /// Where subjects stand: see [`Slot::subject`].
    Subject,
    /// The mention that holds the trigger.
    At,
}

/// How far from the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Within {
    /// In the trigger's clause.
    #[default]
    Clause,
    /// In the sentence.
    Sentence,
    /// At most so many tokens away.
    Tokens(u16),
}

/// Words that set the modality.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// What they say.
    pub modality: Modality,
    /// On which side of the trigger they must stand.
    pub side: Side,
    /// How far from it.
    pub within: Within,
    /// The words.
    pub patterns: Vec<Seq>,
    /// Where these stand, the cue does not hold ("inte bara").
    pub unless: Vec<Seq>,
    /// Where.
    pub pos: Pos,
}

/// A sequence of elements.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Seq {
    /// Its elements, at least one.
    pub elements: Vec<Element>,
    /// Where.
    pub pos: Pos,
}

/// An element of a sequence.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Element {
    /// `name:` before it.
    pub capture: Option<String>,
    /// What it matches.
    pub atom: Atom,
    /// How often.
    pub quantifier: Quantifier,
}

/// How often an element may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Quantifier {
    /// Once.
    #[default]
    One,
    /// `?`
    Optional,
    /// `*`
    Many,
    /// `+`
    Some,
}

/// What an element matches.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// A word as written in the rule; capitals in it are asked of the text too.
    Word(String),
    /// A quoted phrase, cut into tokens.
    Phrase(Vec<String>),
    /// `-avtal`: every word that ends so, `avtal` itself included.
    Suffix(String),
    /// `närings-`: every longer word that begins so.
    Prefix(String),
    /// `%head`, `%kaupunki:gen`, `-%avtal`.
    Class {
        /// Name without sigil.
        name: String,
        /// Only its forms with this tag.
        tag: Option<String>,
        /// Compounds that end in one of its words as well.
        ending: bool,
    },
    /// `[Cap]`, `[Cap:gen]`, `[Num]`.
    Shape {
        /// The shape.
        shape: ShapeTest,
        /// The case that the ending must mark.
        case: Option<Case>,
    },
    /// `<Person>`, `<Actor|Region:gen>`: a whole mention.
    Type {
        /// As written, for captures by type name.
        name: String,
        /// Its types.
        types: TypeSet,
        /// The case of its head.
        case: Option<Case>,
    },
    /// `..`: up to [`GAP`] tokens within the clause.
    Gap,
    /// `( a | b )`
    Group(Vec<Seq>),
    /// `trigger`, in a condition: the words that the trigger matched.
    Trigger,
    /// `head`, in the name of an event: its head noun.
    Head,
}

/// The most tokens that `..` skips.
pub const GAP: usize = 10;

/// What a bracket asks of a token's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShapeTest {
    /// A word with a capital: Capitalised, UPPER or MiXed.
    Cap,
    /// All capitals, at least two letters.
    Upper,
    /// Capitals inside (`IndTech`).
    Mixed,
    /// A lower-case word.
    Lower,
    /// Any word.
    Word,
    /// A number.
    Num,
    /// A date, whole.
    Date,
    /// Any token.
    Any,
}

impl ShapeTest {
    /// The names in brackets.
    pub const WORDS: [(&'static str, ShapeTest); 8] = [
        ("Cap", ShapeTest::Cap),
        ("Upper", ShapeTest::Upper),
        ("Mixed", ShapeTest::Mixed),
        ("Lower", ShapeTest::Lower),
        ("Word", ShapeTest::Word),
        ("Num", ShapeTest::Num),
        ("Date", ShapeTest::Date),
        ("Any", ShapeTest::Any),
    ];
}

/// A rule that finds names.
#[derive(Debug, Clone, PartialEq)]
pub struct MentionRule {
    /// Id without the language.
    pub id: String,
    /// The type of what it finds.
    pub ty: Type,
    /// Priority among matches of one length; higher wins.
    pub priority: i32,
    /// Its patterns; the capture `name` is the name, without one the whole match is.
    pub patterns: Vec<Seq>,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// The head of a list: a heading or a lead-in line.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRule {
    /// Id without the language: `list.` and its first word.
    pub id: String,
    /// What the line must hold.
    pub patterns: Vec<Seq>,
    /// What each item says.
    pub facts: Facts,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// Columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRule {
    /// Id without the language: `table.` and the first head.
    pub id: String,
    /// Columns that must all be there.
    pub columns: Vec<Column>,
    /// What each row says.
    pub facts: Facts,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// A column of a table rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The argument that stands for its cell: `cell` where none is given.
    pub name: String,
    /// Words of its head.
    pub heads: Vec<Atom>,
}

/// Names side by side that say a fact without a verb.
#[derive(Debug, Clone, PartialEq)]
pub struct AppositionRule {
    /// Id without the language: `apposition.` and the relation.
    pub id: String,
    /// The patterns.
    pub patterns: Vec<Seq>,
    /// What they say; arguments are captures, or type names in lower case.
    pub facts: Facts,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// Nouns that are an event or an agreement without a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRule {
    /// Id without the language: `event.` and the class.
    pub id: String,
    /// The class of its head noun, without sigil.
    pub head: String,
    /// The type of what it finds.
    pub ty: Type,
    /// How it is named: sequences in which `head` is the head noun. Empty: the head alone.
    pub patterns: Vec<Seq>,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// Words that refer to something that is named elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct CoreferRule {
    /// The words.
    pub words: Vec<Atom>,
    /// To what.
    pub referent: Referent,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// What a reference refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Referent {
    /// The last mention of one of these types.
    Last(TypeSet),
    /// The body that publishes the page (or, in a quote, the speaker's).
    Publisher,
}

/// Relations with their arguments by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Each relation.
    pub emits: Vec<Emit>,
    /// `with role = …`
    pub attributes: Attributes,
}

/// `PARTNERS_WITH(from, to)`
#[derive(Debug, Clone, PartialEq)]
pub struct Emit {
    /// The relation.
    pub relation: Relation,
    /// Name of the argument at its start.
    pub from: String,
    /// Types that narrow it.
    pub from_types: Option<TypeSet>,
    /// Name of the argument at its end.
    pub to: String,
    /// Types that narrow it.
    pub to_types: Option<TypeSet>,
    /// Where.
    pub pos: Pos,
}

/// What else an emitted fact says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attributes {
    /// Where the role comes from.
    pub role: Option<RoleFrom>,
    /// A modality that holds unless a cue says something weaker.
    pub modality: Option<Modality>,
    /// What the date in the sentence is.
    pub dating: Dating,
}

/// Where a role comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleFrom {
    /// Words of a class, nearest to the trigger in its clause.
    Class(String),
    /// A capture or a table column, or `trigger`.
    Name(String),
    /// Always the same.
    Text(String),
}

/// What the date found beside a trigger says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dating {
    /// As its own words and the relation have it.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// The day that it happened.
    Date,
    /// Its beginning.
    Since,
    /// Its end.
    Until,
}

/// A fact rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Id without the language: `partner.cooperate`.
    pub id: String,
    /// Priority; higher wins.
    pub priority: i32,
    /// What it reads, in words.
    pub title: Option<String>,
    /// Its triggers: any of them.
    pub when: Vec<Seq>,
    /// Its slots.
    pub slots: Vec<Slot>,
    /// `unless` and `only`.
    pub conditions: Vec<Condition>,
    /// What it says.
    pub facts: Vec<Facts>,
    /// Its tests.
    pub tests: Tests,
    /// Where.
    pub pos: Pos,
}

/// One part of a fact rule that a mention fills.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// What fills it: a mention of these types; `None`: the publisher itself.
    pub types: Option<TypeSet>,
    /// Where it stands.
    pub side: Side,
    /// Words, one of which must govern it from before.
    pub after: Vec<Atom>,
    /// Words that must not.
    pub not_after: Vec<Atom>,
    /// Words, one of which must follow it.
    pub before: Vec<Atom>,
    /// Words that must not.
    pub not_before: Vec<Atom>,
    /// Cases, one of which it must stand in; empty: any.
    pub cases: Vec<Case>,
    /// How far it may be.
    pub within: Within,
    /// Whether a group fills it with each of its members.
    pub each: bool,
    /// Whether the rule may fire without it.
    pub optional: bool,
    /// Whether the publisher fills it where no mention does.
    pub or_publisher: bool,
    /// Where.
    pub pos: Pos,
}

impl Slot {
    /// Whether it is searched for as a subject: `subject`, or `left` with no preposition and no case but the
    /// nominative.
    pub fn subject(&self) -> bool {
        match self.side {
            Side::Subject => true,
            Side::Left => {
                self.after.is_empty()
                    && self.before.is_empty()
                    && !matches!(self.within, Within::Tokens(_))
                    && self.cases.iter().all(|&c| c == Case::Nominative)
            }
            _ => false,
        }
    }
}

/// Where a condition looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// In the trigger's clause.
    #[default]
    Clause,
    /// In its clause, before it.
    Left,
    /// In its clause, from its first word on.
    Right,
    /// In the sentence.
    Sentence,
}

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Whether it forbids (`unless`) or demands (`only`).
    pub unless: bool,
    /// Where it looks.
    pub scope: Scope,
    /// For what.
    pub patterns: Vec<Seq>,
    /// As written.
    pub text: String,
}

/// Sentences that a rule must read and must not read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tests {
    /// Must be read.
    pub accept: Vec<Test>,
    /// Must not.
    pub reject: Vec<Reject>,
}

/// A sentence with the facts that must come of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The text.
    pub text: String,
    /// The publisher of the page on which it stands.
    pub publisher: Option<String>,
    /// The facts.
    pub facts: Vec<Expected>,
    /// Where.
    pub pos: Pos,
}

/// A sentence from which the rule must read nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Reject {
    /// The text.
    pub text: String,
    /// The publisher of the page on which it stands.
    pub publisher: Option<String>,
    /// Where.
    pub pos: Pos,
}

/// A fact that a test expects.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    /// Name at its start.
    pub from: String,
    /// The relation.
    pub relation: Relation,
    /// Name at its end.
    pub to: String,
    /// How it is said; asserted where the test does not say.
    pub modality: Modality,
    /// Its role, where the test says one.
    pub role: Option<String>,
    /// From when, where the test says so.
    pub since: Option<String>,
    /// Until when, where the test says so.
    pub until: Option<String>,
    /// When, where the test says so.
    pub date: Option<String>,
}
