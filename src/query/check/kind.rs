//! What can be known of a value before a row is read.

use std::fmt;

use super::super::ast::ExprKind;

/// The kind of a value. Every kind includes null, which any expression may give.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Not known: anything.
    Any,
    /// Always null.
    Null,
    /// A boolean.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Float,
    /// A number of either kind.
    Number,
    /// A string.
    String,
    /// A list of elements of one kind.
    List(Box<Kind>),
    /// A map.
    Map,
    /// A node.
    Node,
    /// A relationship.
    Relationship,
    /// A path.
    Path,
}

impl Kind {
    /// A list of this kind.
    pub fn list(self) -> Kind {
        Kind::List(Box::new(self))
    }

    /// The kind of the elements, where it is a list; `Any` for what may be one.
    pub fn element(&self) -> Kind {
        match self {
            Kind::List(element) => (**element).clone(),
            Kind::Null => Kind::Null,
            _ => Kind::Any,
        }
    }

    /// A kind that holds the values of both.
    #[must_use]
    pub fn join(self, other: Kind) -> Kind {
        use Kind::{Any, Float, Integer, List, Null, Number};
        match (self, other) {
            (a, b) if a == b => a,
            (Null, kind) | (kind, Null) => kind,
            (Integer | Float | Number, Integer | Float | Number) => Number,
            (List(a), List(b)) => a.join(*b).list(),
            _ => Any,
        }
    }

    /// Whether nothing speaks against its being a boolean; likewise the others.
    pub(super) fn may_be_boolean(&self) -> bool {
        matches!(self, Kind::Any | Kind::Null | Kind::Boolean)
    }

    pub(super) fn may_be_number(&self) -> bool {
        matches!(self, Kind::Any | Kind::Null | Kind::Integer | Kind::Float | Kind::Number)
    }

    pub(super) fn may_be_list(&self) -> bool {
        matches!(self, Kind::Any | Kind::Null | Kind::List(_))
    }

    pub(super) fn may_be_node(&self) -> bool {
        matches!(self, Kind::Any | Kind::Null | Kind::Node)
    }

    pub(super) fn may_be_relationship(&self) -> bool {
        matches!(self, Kind::Any | Kind::Null | Kind::Relationship)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kind::Any => "any value",
            Kind::Null => "null",
            Kind::Boolean => "a boolean",
            Kind::Integer => "a whole number",
            Kind::Float | Kind::Number => "a number",
            Kind::String => "a string",
            Kind::List(_) => "a list",
            Kind::Map => "a map",
            Kind::Node => "a node",
            Kind::Relationship => "a relationship",
            Kind::Path => "a path",
        })
    }
}

/// The kind of a literal without parts; `None` for all other expressions.
pub(super) fn literal(kind: &ExprKind) -> Option<Kind> {
    Some(match kind {
        ExprKind::Null => Kind::Null,
        ExprKind::Bool(_) => Kind::Boolean,
        ExprKind::Integer(_) => Kind::Integer,
        ExprKind::Float(_) => Kind::Float,
        ExprKind::String(_) => Kind::String,
        _ => return None,
    })
}

/// What a function takes as its first argument, where a wrong kind is certain to fail.
pub(super) fn takes(function: &str) -> Option<(&'static [Kind], &'static str)> {
    Some(match function {
        "labels" | "degree" => (&[Kind::Node], "a node"),
        "type" | "startnode" | "endnode" | "evidence" => (&[Kind::Relationship], "a relationship"),
        "id" | "elementid" => (&[Kind::Node, Kind::Relationship], "a node or a relationship"),
        "properties" | "keys" => (&[Kind::Node, Kind::Relationship, Kind::Map], "a node, a relationship or a map"),
        "nodes" | "relationships" | "rels" | "weakest" => (&[Kind::Path], "a path"),
        "length" => (&[Kind::Path], "a path (the length of a list or string is size())"),
        _ => return None,
    })
}

/// What `size()` and its like fail on for certain.
pub(super) fn never_sized(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Node | Kind::Relationship | Kind::Path | Kind::Boolean | Kind::Integer | Kind::Float | Kind::Number
    )
}

/// What a function gives, as far as its name and the kinds of its arguments tell.
pub(super) fn gives(function: &str, arguments: &[Kind]) -> Kind {
    let first = arguments.first().cloned().unwrap_or(Kind::Any);
    match function {
        "count" | "size" | "length" | "tointeger" | "tointegerornull" | "id" | "degree" | "char_length"
        | "character_length" => Kind::Integer,
        "sum" | "abs" | "round" | "sign" | "ceil" | "floor" => Kind::Any,
        "sqrt" | "exp" | "log" | "log10" | "sin" | "cos" | "tan" | "rand" | "pi" | "e" | "tofloat"
        | "tofloatornull" => Kind::Float,
        "collect" => first.list(),
        "min" | "max" => first,
        "labels" | "keys" | "split" => Kind::String.list(),
        "type" | "tostring" | "tolower" | "toupper" | "lower" | "upper" | "trim" | "ltrim" | "rtrim" | "substring"
        | "replace" | "left" | "right" | "elementid" | "weakest" => Kind::String,
        "properties" => Kind::Map,
        "nodes" => Kind::Node.list(),
        "relationships" | "rels" => Kind::Relationship.list(),
        "startnode" | "endnode" | "entity" => Kind::Node,
        "exists" | "isempty" | "toboolean" | "tobooleanornull" | "isnan" => Kind::Boolean,
        "range" => Kind::Integer.list(),
        "head" | "last" => first.element(),
        "tail" => first.element().list(),
        "reverse" => first,
        "coalesce" => arguments.iter().cloned().reduce(Kind::join).unwrap_or(Kind::Any),
        _ => Kind::Any,
    }
}
