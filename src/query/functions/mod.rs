//! The function library: openCypher's functions and the project's own, their names, arity and meaning.
//!
//! [`lookup`] finds a function by its name, whatever the case; the checker asks it for arity, the planner for the
//! function itself. What a function does lies in the files beside this one, by the type that it works on. Aggregates
//! are named here and computed in [`aggregate`](super::aggregate).

mod domain;
mod graph;
mod list;
mod number;
mod text;
mod time;

use super::context::Context;
use super::error::{Detail, ErrorType, QueryError};
use super::value::Value;

/// The error type of evaluation, boxed because it is large and rare.
pub(crate) type Fail = Box<QueryError>;

/// How many arguments the largest function takes (`coalesce` apart).
pub(crate) const MOST_ARGUMENTS: usize = 4;

/// A function or aggregate of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The name as it is usually written.
    pub name: &'static str,
    /// The least number of arguments.
    pub min: usize,
    /// The greatest number of arguments.
    pub max: usize,
    /// Whether it is an aggregate: allowed in projections only, and the only ones that take `DISTINCT`.
    pub aggregate: bool,
    /// What it gives, for help.
    pub gives: &'static str,
    pub(crate) function: Function,
}

macro_rules! functions {
    ($( $variant:ident $name:literal $min:literal..$max:literal $gives:literal; )*) => {
        /// The functions, one variant each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Function { $( $variant, )* }

        const SIGNATURES: &[Signature] = &[
            $( Signature {
                name: $name, min: $min, max: $max,
                aggregate: Function::$variant.is_aggregate(),
                gives: $gives, function: Function::$variant,
            }, )*
        ];
    };
}

functions! {
    // aggregates
    Count "count" 1..1 "how many values are not null";
    Sum "sum" 1..1 "the sum of numbers or durations";
    Avg "avg" 1..1 "the mean";
    Min "min" 1..1 "the least value";
    Max "max" 1..1 "the greatest value";
    Collect "collect" 1..1 "a list of the values that are not null";
    StDev "stDev" 1..1 "the standard deviation of a sample";
    StDevP "stDevP" 1..1 "the standard deviation of a population";
    PercentileCont "percentileCont" 2..2 "a percentile, interpolated";
    PercentileDisc "percentileDisc" 2..2 "a percentile, the nearest value";
    // scalars
    Coalesce "coalesce" 1..1024 "the first argument that is not null";
    NullIf "nullIf" 2..2 "null where both are equal, else the first";
    Exists "exists" 1..1 "whether a property is there";
    Size "size" 1..1 "the number of elements or characters";
    IsEmpty "isEmpty" 1..1 "whether a list, map or string is empty";
    ToBoolean "toBoolean" 1..1 "a boolean, or null";
    ToInteger "toInteger" 1..1 "a whole number, or null";
    ToFloat "toFloat" 1..1 "a number, or null";
    ToString "toString" 1..1 "a text";
    ToBooleanOrNull "toBooleanOrNull" 1..1 "a boolean, or null for any other type";
    ToIntegerOrNull "toIntegerOrNull" 1..1 "a whole number, or null for any other type";
    ToFloatOrNull "toFloatOrNull" 1..1 "a number, or null for any other type";
    ToStringOrNull "toStringOrNull" 1..1 "a text, or null for any other type";
    // graph
    Id "id" 1..1 "the number of a node or relationship";
    ElementId "elementId" 1..1 "the number of a node or relationship, as text";
    Labels "labels" 1..1 "the labels of a node";
    TypeOf "type" 1..1 "the type of a relationship";
    Keys "keys" 1..1 "the names of the properties or entries";
    Properties "properties" 1..1 "the properties as a map";
    StartNode "startNode" 1..1 "the node where a relationship starts";
    EndNode "endNode" 1..1 "the node where a relationship ends";
    Nodes "nodes" 1..1 "the nodes of a path";
    Relationships "relationships" 1..1 "the relationships of a path";
    Rels "rels" 1..1 "the relationships of a path";
    Length "length" 1..1 "the number of relationships of a path";
    Degree "degree" 1..1 "the number of relationships of a node";
    Evidence "evidence" 1..1 "the sentences that say a fact, as maps";
    Documents "documents" 1..1 "the names of the documents that say a fact, or the facts of a path";
    Weakest "weakest" 1..1 "the weakest modality on a path";
    Entity "entity" 1..2 "the entity that bears a name (and a label)";
    Links "links" 2..4 "what lies on the chains between two nodes, each with its shortest chain";
    Chains "chains" 2..4 "the shortest chains between two nodes";
    Inside "inside" 2..2 "whether a node lies in a region, or in one inside it";
    IsMunicipality "isMunicipality" 1..1 "whether a node is a municipality or the body of one";
    HeldSince "heldSince" 2..2 "whether a fact began or happened at a date or later";
    HeldBefore "heldBefore" 2..2 "whether a fact began or happened before a date";
    HeldDuring "heldDuring" 2..2 "whether a fact may have held at some time of a date";
    HasRole "hasRole" 2..2 "whether the role of a fact has a sense: leads, chairs";
    // lists
    Head "head" 1..1 "the first element";
    Last "last" 1..1 "the last element";
    Tail "tail" 1..1 "all elements but the first";
    Range "range" 2..3 "whole numbers from, to, by steps of";
    Reverse "reverse" 1..1 "a list or text from behind";
    // numbers
    Abs "abs" 1..1 "the absolute value";
    Ceil "ceil" 1..1 "the next whole number above";
    Floor "floor" 1..1 "the next whole number below";
    Round "round" 1..2 "the nearest whole number, or to so many decimals";
    Sign "sign" 1..1 "-1, 0 or 1";
    Sqrt "sqrt" 1..1 "the square root";
    Exp "exp" 1..1 "e to the power of";
    E "e" 0..0 "the base of natural logarithms";
    Pi "pi" 0..0 "the ratio of a circle's circumference to its diameter";
    Log "log" 1..1 "the natural logarithm";
    Log10 "log10" 1..1 "the logarithm to base 10";
    Sin "sin" 1..1 "the sine";
    Cos "cos" 1..1 "the cosine";
    Tan "tan" 1..1 "the tangent";
    Cot "cot" 1..1 "the cotangent";
    Asin "asin" 1..1 "the arc sine";
    Acos "acos" 1..1 "the arc cosine";
    Atan "atan" 1..1 "the arc tangent";
    Atan2 "atan2" 2..2 "the arc tangent of y, x";
    Degrees "degrees" 1..1 "radians as degrees";
    Radians "radians" 1..1 "degrees as radians";
    Haversin "haversin" 1..1 "half the versine";
    IsNan "isNaN" 1..1 "whether a number is NaN";
    Rand "rand" 0..0 "a number from 0 to below 1, the same in every run";
    // text
    ToLower "toLower" 1..1 "in small letters";
    ToUpper "toUpper" 1..1 "in capitals";
    Lower "lower" 1..1 "in small letters";
    Upper "upper" 1..1 "in capitals";
    Trim "trim" 1..1 "without spaces at both ends";
    LTrim "lTrim" 1..1 "without spaces at the start";
    RTrim "rTrim" 1..1 "without spaces at the end";
    Left "left" 2..2 "the first characters";
    Right "right" 2..2 "the last characters";
    Substring "substring" 2..3 "characters from a place, counted from 0";
    Replace "replace" 3..3 "every occurrence replaced";
    Split "split" 2..2 "the parts between separators";
    CharLength "char_length" 1..1 "the number of characters";
    CharacterLength "character_length" 1..1 "the number of characters";
    Normalize "normalize" 1..1 "in Unicode's form NFC";
    Fold "fold" 1..1 "in small letters without diacritics";
    // time
    Date "date" 0..1 "a day";
    Duration "duration" 1..1 "a length of time";
    DurationBetween "duration.between" 2..2 "the length between two days, in months and days";
    DurationInMonths "duration.inMonths" 2..2 "the length between two days, in months";
    DurationInDays "duration.inDays" 2..2 "the length between two days, in days";
}

impl Function {
    /// Whether it is an aggregate.
    pub(crate) const fn is_aggregate(self) -> bool {
        use Function::*;
        matches!(self, Count | Sum | Avg | Min | Max | Collect | StDev | StDevP | PercentileCont | PercentileDisc)
    }

    /// Its usual name.
    pub(crate) fn name(self) -> &'static str {
        SIGNATURES.iter().find(|s| s.function == self).map_or("", |s| s.name)
    }
}

/// All functions, aggregates first.
pub fn signatures() -> &'static [Signature] {
    SIGNATURES
}

/// The function of a name; case does not matter.
pub fn lookup(name: &str) -> Option<&'static Signature> {
    SIGNATURES.iter().find(|s| s.name.eq_ignore_ascii_case(name))
}

/// An argument of a wrong type.
pub(crate) fn wrong_type(function: &str, wanted: &str, got: &Value) -> Fail {
    let message = format!("{function}() takes {wanted}, not {}", got.type_name());
    Box::new(QueryError::runtime(ErrorType::TypeError, Detail::InvalidArgumentValue, message))
}

/// An argument whose value is impossible.
pub(crate) fn out_of_range(message: impl Into<String>) -> Fail {
    Box::new(QueryError::runtime(ErrorType::ArgumentError, Detail::NumberOutOfRange, message))
}

/// Calls a function that is neither an aggregate nor `coalesce` (which does not evaluate all its arguments).
/// A missing optional argument is `None` at its place: `arguments` has as many values as were written.
pub(crate) fn call(function: Function, arguments: &[Value], cx: &Context<'_>) -> Result<Value, Fail> {
    use Function::*;
    let first = arguments.first().unwrap_or(&Value::Null);
    match function {
        // Aggregates never come here: the planner puts them into an operator of their own.
        Count | Sum | Avg | Min | Max | Collect | StDev | StDevP | PercentileCont | PercentileDisc => {
            let message = format!("{}() stands where no aggregate can be computed", function.name());
            Err(Box::new(QueryError::runtime(ErrorType::SyntaxError, Detail::InvalidAggregation, message)))
        }
        Coalesce => Ok(arguments.iter().find(|v| !v.is_null()).cloned().unwrap_or_default()),
        NullIf => {
            let second = arguments.get(1).unwrap_or(&Value::Null);
            Ok(if first.equals(second) == Some(true) { Value::Null } else { first.clone() })
        }
        Exists => Ok(Value::Bool(!first.is_null())),
        Date => time::date(arguments.first(), cx),
        E | Pi | Rand => number::constant(function, cx),
        // All others give null for null.
        _ if arguments.iter().any(Value::is_null) => match function {
            Range => Err(list::range_type(arguments)),
            _ => Ok(Value::Null),
        },
        Size | IsEmpty | Head | Last | Tail | Range | Reverse => list::call(function, arguments, cx),
        ToBoolean | ToInteger | ToFloat | ToString | ToBooleanOrNull | ToIntegerOrNull | ToFloatOrNull
        | ToStringOrNull => text::convert(function, first),
        Id | ElementId | Labels | TypeOf | Keys | Properties | StartNode | EndNode | Nodes | Relationships | Rels
        | Length | Degree | Evidence | Documents | Weakest => graph::call(function, arguments, cx),
        Entity | Links | Chains | Inside | IsMunicipality | HeldSince | HeldBefore | HeldDuring | HasRole => {
            domain::call(function, arguments, cx)
        }
        Abs | Ceil | Floor | Round | Sign | Sqrt | Exp | Log | Log10 | Sin | Cos | Tan | Cot | Asin | Acos | Atan
        | Atan2 | Degrees | Radians | Haversin | IsNan => number::call(function, arguments),
        ToLower | ToUpper | Lower | Upper | Trim | LTrim | RTrim | Left | Right | Substring | Replace | Split
        | CharLength | CharacterLength | Normalize | Fold => text::call(function, arguments, cx),
        Duration | DurationBetween | DurationInMonths | DurationInDays => time::call(function, arguments),
    }
}
