//! The words of the project: kinds, types, relations, modality, dates, and what one document says.
//!
//! Every other room speaks in these words; this one imports none of them. It knows nothing of how text is read,
//! how a graph is stored or how a question is asked.

use std::fmt;

use serde::{Deserialize, Serialize};

mod edtf;
mod fold;
pub use edtf::{Day, Edtf, EdtfError};
pub use fold::{fold, normal};

/// Declares an enum whose variants have one spelling each, used in rule files, queries and exports alike.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All of them, in the order in which they are declared.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word as rule files, queries and exports spell it.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The variant with that exact word.
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words! {
    /// What an entity is, at the coarsest: each entity has exactly one kind.
    Kind {
        /// A person or an organisation.
        Actor = "Actor",
        /// A country, province, municipality, town or area.
        Region = "Region",
        /// A treaty, contract, strategy, programme or project.
        Agreement = "Agreement",
        /// A visit, meeting, conference, fair and their like.
        Event = "Event",
    }
}

words! {
    /// What an entity is within its kind. An entity whose type is not known has its kind's general type:
    /// [`Type::Organisation`], [`Type::Region`], [`Type::Agreement`] or [`Type::Event`].
    Type {
        /// A human being.
        Person = "Person",
        /// An organisation whose type is not known.
        Organisation = "Organisation",
        /// A company, also a municipally owned one.
        Company = "Company",
        /// A municipality as a body, an agency, ministry or regional council.
        PublicBody = "PublicBody",
        /// A university or research institute.
        University = "University",
        /// A school below university.
        School = "School",
        /// An association, network, cluster, foundation or chamber.
        Association = "Association",
        /// A newspaper, broadcaster or other medium.
        Media = "Media",
        /// A region whose type is not known.
        Region = "Region",
        /// A country.
        Country = "Country",
        /// A state, county, län or maakunta.
        Province = "Province",
        /// A municipality as a place.
        Municipality = "Municipality",
        /// A city, town or village.
        City = "City",
        /// A part of a town.
        District = "District",
        /// Scandinavia, Västsverige, a sub-region.
        Area = "Area",
        /// An agreement whose type is not known.
        Agreement = "Agreement",
        /// An agreement between states.
        Treaty = "Treaty",
        /// A cooperation agreement, letter of intent or sister-city agreement.
        Contract = "Contract",
        /// A strategy.
        Strategy = "Strategy",
        /// A programme, funding programmes included.
        Programme = "Programme",
        /// A project.
        Project = "Project",
        /// An event whose type is not known.
        Event = "Event",
        /// A trip or delegation.
        Visit = "Visit",
        /// A meeting, workshop or seminar.
        Meeting = "Meeting",
        /// A conference.
        Conference = "Conference",
        /// A fair.
        Fair = "Fair",
        /// The launch of a report, service or product.
        Launch = "Launch",
        /// The founding of a body.
        Founding = "Founding",
        /// The signing of an agreement.
        Signing = "Signing",
        /// A course or education.
        Course = "Course",
    }
}

impl Type {
    /// The kind to which the type belongs.
    pub const fn kind(self) -> Kind {
        use Type::*;
        match self {
            Person | Organisation | Company | PublicBody | University | School | Association | Media => Kind::Actor,
            Region | Country | Province | Municipality | City | District | Area => Kind::Region,
            Agreement | Treaty | Contract | Strategy | Programme | Project => Kind::Agreement,
            Event | Visit | Meeting | Conference | Fair | Launch | Founding | Signing | Course => Kind::Event,
        }
    }

    /// The type of a kind of which nothing closer is known; for an actor that is an organisation.
    pub const fn general(kind: Kind) -> Type {
        match kind {
            Kind::Actor => Type::Organisation,
            Kind::Region => Type::Region,
            Kind::Agreement => Type::Agreement,
            Kind::Event => Type::Event,
        }
    }

    /// Whether this is the type of an entity of which only the kind is known.
    pub const fn is_general(self) -> bool {
        matches!(self, Type::Organisation | Type::Region | Type::Agreement | Type::Event)
    }

    /// The labels of an entity of this type, from the general to the special: a company is
    /// `Actor`, `Organisation`, `Company`; an unclear event is just `Event`.
    pub const fn labels(self) -> &'static [&'static str] {
        use Type::*;
        match self {
            Person => &["Actor", "Person"],
            Organisation => &["Actor", "Organisation"],
            Company => &["Actor", "Organisation", "Company"],
            PublicBody => &["Actor", "Organisation", "PublicBody"],
            University => &["Actor", "Organisation", "University"],
            School => &["Actor", "Organisation", "School"],
            Association => &["Actor", "Organisation", "Association"],
            Media => &["Actor", "Organisation", "Media"],
            Region => &["Region"],
            Country => &["Region", "Country"],
            Province => &["Region", "Province"],
            Municipality => &["Region", "Municipality"],
            City => &["Region", "City"],
            District => &["Region", "District"],
            Area => &["Region", "Area"],
            Agreement => &["Agreement"],
            Treaty => &["Agreement", "Treaty"],
            Contract => &["Agreement", "Contract"],
            Strategy => &["Agreement", "Strategy"],
            Programme => &["Agreement", "Programme"],
            Project => &["Agreement", "Project"],
            Event => &["Event"],
            Visit => &["Event", "Visit"],
            Meeting => &["Event", "Meeting"],
            Conference => &["Event", "Conference"],
            Fair => &["Event", "Fair"],
            Launch => &["Event", "Launch"],
            Founding => &["Event", "Founding"],
            Signing => &["Event", "Signing"],
            Course => &["Event", "Course"],
        }
    }
}

words! {
    /// The thirteen relations. Domain, range, symmetry and wording stand in `grammar/relations`.
    Relation {
        /// They cooperate; symmetric, stored once.
        PartnersWith = "PARTNERS_WITH",
        /// Belongs to an association, network or region as a member.
        MemberOf = "MEMBER_OF",
        /// Is a unit or a territory of.
        PartOf = "PART_OF",
        /// Has its seat or an office there, takes place there.
        LocatedIn = "LOCATED_IN",
        /// Works there, leads it, sits on it.
        WorksFor = "WORKS_FOR",
        /// Founded it.
        Founded = "FOUNDED",
        /// Owns it or a share of it.
        Owns = "OWNS",
        /// Has signed it, carries it, takes part in it (an agreement).
        PartyTo = "PARTY_TO",
        /// Applies there (an agreement, a region).
        Covers = "COVERS",
        /// Takes part, speaks, exhibits (an event).
        TakesPartIn = "TAKES_PART_IN",
        /// Arranges or launches it.
        Organises = "ORGANISES",
        /// Visits or meets.
        Visits = "VISITS",
        /// Pays for it.
        Funds = "FUNDS",
    }
}

impl Relation {
    /// Whether the relation has no direction, so that a fact of it is stored once.
    pub const fn symmetric(self) -> bool {
        matches!(self, Relation::PartnersWith)
    }

    /// Whether an entity of type `from` may stand at the start and one of type `to` at the end.
    ///
    /// ```
    /// use samband::model::{Relation, Type};
    /// assert!(Relation::WorksFor.allows(Type::Person, Type::Company));
    /// assert!(!Relation::WorksFor.allows(Type::Company, Type::Person));
    /// ```
    pub const fn allows(self, from: Type, to: Type) -> bool {
        use Kind::{Actor, Agreement, Event, Region};
        let (f, t) = (from.kind(), to.kind());
        let acts = matches!(f, Actor | Region);
        match self {
            Relation::PartnersWith | Relation::Visits => acts && matches!(t, Actor | Region),
            Relation::MemberOf => acts && (matches!(t, Region) || (matches!(t, Actor) && !matches!(to, Type::Person))),
            Relation::PartOf => match (f, t) {
                (Actor, Actor) => !matches!(from, Type::Person) && !matches!(to, Type::Person),
                (Region, Region) => true,
                _ => false,
            },
            Relation::LocatedIn => matches!(f, Actor | Event) && !matches!(from, Type::Person) && matches!(t, Region),
            Relation::WorksFor => matches!(from, Type::Person) && matches!(t, Actor) && !matches!(to, Type::Person),
            Relation::Founded | Relation::Owns => acts && matches!(t, Actor) && !matches!(to, Type::Person),
            Relation::PartyTo => acts && matches!(t, Agreement),
            Relation::Covers => matches!(f, Agreement) && matches!(t, Region),
            Relation::TakesPartIn | Relation::Organises => acts && matches!(t, Event),
            Relation::Funds => matches!(f, Actor | Agreement) && matches!(t, Actor | Agreement | Event),
        }
    }
}

words! {
    /// How a document says a fact, from the strongest to the weakest.
    Modality {
        /// It is or was so.
        Asserted = "asserted",
        /// It will be, is hoped for, is being looked into.
        Planned = "planned",
        /// It was so and no longer is.
        Ended = "ended",
        /// It is denied. A negated observation never makes an edge that a query finds by default.
        Negated = "negated",
    }
}

words! {
    /// Where a fact comes from.
    Basis {
        /// A document says it.
        Observed = "observed",
        /// It follows from a name or from the containment of regions.
        Derived = "derived",
        /// A person said it in a decisions file.
        ByHand = "by hand",
        /// It came with an imported graph.
        Imported = "imported",
    }
}

words! {
    /// The languages that the project reads, as BCP 47 tags.
    Lang {
        /// Swedish.
        Sv = "sv",
        /// Finnish.
        Fi = "fi",
        /// English.
        En = "en",
        /// Norwegian Bokmål.
        Nb = "nb",
        /// Danish.
        Da = "da",
    }
}

/// A range of bytes in the original of a document, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// An entity within one document: an index into [`Reading::entities`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LocalId(pub u32);

/// What a document says of itself. Its text lies in `source::Document`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentMeta {
    /// Path relative to the PATH given, `/`-separated, NFC.
    pub name: String,
    /// Hash of the original bytes.
    pub hash: u64,
    /// The language of most of its text.
    pub language: Lang,
    /// Its heading or title.
    pub title: Option<String>,
    /// The date that the document bears (never taken for the date of an event).
    pub date: Option<Edtf>,
}

/// How a mention was recognised.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Recognised {
    /// By a name in the lexicon.
    Lexicon,
    /// By a mention rule (its id, `sv/municipality`).
    Rule(String),
    /// By the tagger.
    Tagger,
    /// By shape or repetition in the document.
    Shape,
    /// As a reference to something named elsewhere (definite noun, pronoun, acronym, surname).
    Coreference,
}

/// One place in one document that names an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Which entity of the document.
    pub entity: LocalId,
    /// Where in the original.
    pub span: Span,
    /// As written (`Kanta-Hämeen`).
    pub form: String,
    /// How it was recognised.
    pub by: Recognised,
}

/// An entity as one document knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalEntity {
    /// Its type (and with it its kind).
    pub ty: Type,
    /// The fullest form in the document, in the nominative (`Kanta-Häme`).
    pub name: String,
    /// Other forms that the document uses, in the nominative; sorted, without `name`.
    pub aliases: Vec<String>,
    /// The language of the text that names it.
    pub language: Lang,
    /// Whether the name is a description ("resa till USA") rather than a proper name: two such are one entity
    /// only within a document, or where parties and date agree.
    pub generic: bool,
}

/// One place in one document that says a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// Start of the fact.
    pub from: LocalId,
    /// The relation.
    pub relation: Relation,
    /// End of the fact.
    pub to: LocalId,
    /// Where the sentence stands in the original.
    pub span: Span,
    /// The sentence (list row, table row, heading) that says it, as a reader sees it.
    pub sentence: String,
    /// The rule that read it, `sv/partner.cooperate`.
    pub rule: String,
    /// How it is said.
    pub modality: Modality,
    /// From when it holds.
    pub since: Option<Edtf>,
    /// Until when it held.
    pub until: Option<Edtf>,
    /// When it happened.
    pub date: Option<Edtf>,
    /// The role as written (WORKS_FOR).
    pub role: Option<String>,
}

/// A place where a rule's trigger stood but a condition failed: what `whynot` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearMiss {
    /// The rule.
    pub rule: String,
    /// The relation that it would have given.
    pub relation: Relation,
    /// Where the sentence stands.
    pub span: Span,
    /// The entities that the sentence names.
    pub entities: Vec<LocalId>,
    /// The first condition that failed, in words.
    pub failed: String,
}

/// All that one document says: the product of `extract`, kept in the graph file so that a build is incremental.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The document.
    pub document: DocumentMeta,
    /// Its entities.
    pub entities: Vec<LocalEntity>,
    /// Its mentions, in the order of the text.
    pub mentions: Vec<Mention>,
    /// Its observations, in the order of the text.
    pub observations: Vec<Observation>,
    /// Its near misses, in the order of the text.
    pub near_misses: Vec<NearMiss>,
}

/// An observation within the whole corpus: what `evidence(r)` and `why` show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Index of the document in the corpus.
    pub document: u32,
    /// Where the sentence stands in the original.
    pub span: Span,
    /// The sentence.
    pub sentence: String,
    /// The rule that read it, or who decided it.
    pub rule: String,
    /// How it is said there.
    pub modality: Modality,
    /// From when it holds.
    pub since: Option<Edtf>,
    /// Until when it held.
    pub until: Option<Edtf>,
    /// When it happened.
    pub date: Option<Edtf>,
    /// The role as written.
    pub role: Option<String>,
}

/// An entity of the corpus: a cluster of the documents' entities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// Hash of the kind and the smallest resolution key of its cluster: no history in it.
    pub id: u64,
    /// Its type.
    pub ty: Type,
    /// The most frequent full form, ties by the alphabet.
    pub name: String,
    /// Other base forms and other languages' names, sorted.
    pub aliases: Vec<String>,
    /// (document, local entity) of each member of the cluster, sorted.
    pub members: Vec<(u32, LocalId)>,
}

/// A fact of the corpus: the set of its observations, shown by its latest-dated document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Index of the entity at its start.
    pub from: u32,
    /// The relation.
    pub relation: Relation,
    /// Index of the entity at its end.
    pub to: u32,
    /// Shown modality.
    pub modality: Modality,
    /// From when it holds.
    pub since: Option<Edtf>,
    /// Until when it held.
    pub until: Option<Edtf>,
    /// When it happened.
    pub date: Option<Edtf>,
    /// The role as written.
    pub role: Option<String>,
    /// Where it comes from.
    pub basis: Basis,
    /// Its observations, sorted by document and place. Empty only for derived facts.
    pub evidence: Vec<Evidence>,
    /// What a derived fact follows from, in words.
    pub derived_from: Option<String>,
}

/// The corpus after resolution: what `graph` is built from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Resolved {
    /// Entities, sorted by id.
    pub entities: Vec<Entity>,
    /// Facts, sorted by (from, relation, to).
    pub facts: Vec<Fact>,
}
