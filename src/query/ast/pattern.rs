//! Patterns: paths of nodes and relationships, their selectors, modes, labels and repetition.

use super::{Expr, Name, Span};

/// One path pattern of `MATCH`, `CREATE`, `EXISTS {}` …: a node, then any number of steps.
///
/// The parser has filled in what the notation may leave out: between two nodes there is exactly one [`Link`], and a
/// group at the start, at the end or beside another group has implied nodes (see [`NodePattern::implied`]) around it.
#[derive(Debug, Clone, PartialEq)]
pub struct PathPattern {
    /// `p = …`.
    pub variable: Option<Name>,
    /// Which of the paths between each pair of ends; `None` means all.
    pub selector: Option<Selector>,
    /// What a path may repeat; `None` means the default, [`PathMode::Trail`] over the whole `MATCH`.
    pub mode: Option<PathMode>,
    /// The first node.
    pub start: NodePattern,
    /// The steps from it, possibly none.
    pub steps: Vec<Step>,
    /// The `WHERE` of a path in parentheses, `ANY SHORTEST ((a)-->+(b) WHERE …)`: decides which paths are candidates,
    /// before the selector chooses among them.
    pub filter: Option<Box<Expr>>,
    /// The whole pattern.
    pub span: Span,
}

impl PathPattern {
    /// Its nodes in order, those inside groups left out.
    pub fn nodes(&self) -> impl Iterator<Item = &NodePattern> {
        std::iter::once(&self.start).chain(self.steps.iter().map(|step| &step.node))
    }

    /// Its relationships in order, those inside groups left out.
    pub fn relationships(&self) -> impl Iterator<Item = &RelationshipPattern> {
        self.steps.iter().filter_map(|step| match &step.link {
            Link::Relationship(relationship) => Some(relationship),
            Link::Group(_) => None,
        })
    }
}

/// A link and the node to which it leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// How to get there.
    pub link: Link,
    /// The node reached.
    pub node: NodePattern,
}

/// What stands between two nodes.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// A relationship, or a repeated one.
    Relationship(RelationshipPattern),
    /// A repeated group, `((x)-[r]->(y) WHERE …){1,4}`.
    Group(Box<Group>),
}

/// A repeated path: its first node is the node before it, its last node the node after it, and each turn starts where
/// the one before ended. Outside, its variables are lists with one element for each turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The first node of a turn.
    pub start: NodePattern,
    /// The steps of a turn, at least one. They hold no group, but may hold repeated relationships.
    pub steps: Vec<Step>,
    /// The condition on each turn, where the variables are single.
    pub filter: Option<Expr>,
    /// How many turns.
    pub quantifier: Quantifier,
    /// The group with its quantifier.
    pub span: Span,
}

/// How often a relationship or group is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantifier {
    /// At least so often. `*` inside the brackets means 1, `*` after the arrow 0.
    pub min: u32,
    /// At most so often; `None` is without bound.
    pub max: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// `(variable labels properties WHERE …)`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NodePattern {
    /// The variable.
    pub variable: Option<Name>,
    /// The labels asked for.
    pub labels: Option<LabelExpr>,
    /// A map literal ([`ExprKind::Map`](super::ExprKind::Map)) or a parameter; each entry must be equal.
    pub properties: Option<Box<Expr>>,
    /// The inline condition.
    pub filter: Option<Box<Expr>>,
    /// Whether the text leaves it out (beside a group): then it has nothing but an empty span.
    pub implied: bool,
    /// The node, parentheses included.
    pub span: Span,
}

/// `-[variable:types*1..4 properties WHERE …]->{1,4}`, or short, `-->`, `->`.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationshipPattern {
    /// The variable: one relationship, or with a quantifier the list of them.
    pub variable: Option<Name>,
    /// Which way it points in the text.
    pub direction: Arrow,
    /// The types asked for; `None` is any.
    pub types: Option<LabelExpr>,
    /// The repetition, of either notation; `None` is exactly one.
    pub quantifier: Option<Quantifier>,
    /// A map literal or a parameter; with a quantifier it holds for each relationship.
    pub properties: Option<Box<Expr>>,
    /// The inline condition; with a quantifier it holds for each relationship, the variable standing for that one.
    pub filter: Option<Box<Expr>>,
    /// The arrow with brackets and quantifier.
    pub span: Span,
}

/// Which way a relationship points in the text, read from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arrow {
    /// `-->`.
    Right,
    /// `<--`.
    Left,
    /// `--` or `<-->`: either way.
    Either,
}

/// Which paths between each pair of ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Selector {
    /// The choice.
    pub kind: SelectorKind,
    /// Where it stands.
    pub span: Span,
}

/// The choices of a [`Selector`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectorKind {
    /// `ALL`: the default, said aloud.
    All,
    /// `ANY` or `ANY k`: so many paths, no matter which.
    Any(u32),
    /// `ANY SHORTEST`, `SHORTEST 1`, `shortestPath(…)`: one of the shortest. `SHORTEST k`: the k shortest.
    Shortest(u32),
    /// `ALL SHORTEST`, `allShortestPaths(…)`: all of the least length.
    AllShortest,
    /// `SHORTEST k GROUPS`: all paths of the k least lengths.
    ShortestGroups(u32),
}

/// What a path may repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathMode {
    /// Anything; needs an upper bound.
    Walk,
    /// No relationship twice.
    Trail,
    /// No node twice.
    Acyclic,
    /// No node twice, but the first may be the last.
    Simple,
}

/// An expression over labels (of a node) or types (of a relationship).
#[derive(Debug, Clone, PartialEq)]
pub enum LabelExpr {
    /// One label or type.
    Name(Name),
    /// `%`: any (a node with at least one label).
    Any(Span),
    /// `!a`.
    Not(Box<LabelExpr>, Span),
    /// `a&b`, `:a:b`.
    And(Vec<LabelExpr>),
    /// `a|b`, `:a|:b`.
    Or(Vec<LabelExpr>),
}

impl LabelExpr {
    /// Where it stands (without the leading colon or `IS`).
    pub fn span(&self) -> Span {
        match self {
            LabelExpr::Name(name) => name.span,
            LabelExpr::Any(span) | LabelExpr::Not(_, span) => *span,
            LabelExpr::And(parts) | LabelExpr::Or(parts) => match (parts.first(), parts.last()) {
                (Some(first), Some(last)) => first.span().to(last.span()),
                _ => Span::default(),
            },
        }
    }

    /// All names in it, in the order of the text.
    pub fn names(&self) -> Vec<&Name> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect<'a>(&'a self, names: &mut Vec<&'a Name>) {
        match self {
            LabelExpr::Name(name) => names.push(name),
            LabelExpr::Any(_) => {}
            LabelExpr::Not(inner, _) => inner.collect(names),
            LabelExpr::And(parts) | LabelExpr::Or(parts) => parts.iter().for_each(|part| part.collect(names)),
        }
    }

    /// The names when it is one name or a plain choice among names (`A`, `A|B`).
    pub fn alternatives(&self) -> Option<Vec<&Name>> {
        let name = |part: &'_ LabelExpr| matches!(part, LabelExpr::Name(_));
        match self {
            LabelExpr::Name(_) => Some(self.names()),
            LabelExpr::Or(parts) if parts.iter().all(name) => Some(self.names()),
            _ => None,
        }
    }

    /// The names when it is one name or a plain conjunction of names (`A`, `:A:B`, `A&B`).
    pub fn conjunction(&self) -> Option<Vec<&Name>> {
        let name = |part: &'_ LabelExpr| matches!(part, LabelExpr::Name(_));
        match self {
            LabelExpr::Name(_) => Some(self.names()),
            LabelExpr::And(parts) if parts.iter().all(name) => Some(self.names()),
            _ => None,
        }
    }
}
