//! Values of the language: their types, openCypher's equality, comparison, order and text.
//!
//! Three relations must be kept apart. *Equality* (`=`) and *comparison* (`<`) are three-valued: null, or a null
//! somewhere inside, makes the result unknown. *Order* (ORDER BY, min, max) is total over all types. *Equivalence*
//! (DISTINCT, grouping) is two-valued: null is equivalent to null and NaN to NaN; see [`Key`].

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::IndexMap;

use super::temporal::{Date, Duration};
use crate::graph::{EdgeId, NodeId};

/// A map value; keys keep the order in which they were written.
pub type Map = IndexMap<Arc<str>, Value>;

/// A path: nodes and the relationships between them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The nodes in order, one more than there are relationships.
    pub nodes: Vec<NodeId>,
    /// The relationships in order.
    pub edges: Vec<EdgeId>,
}

/// A value.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Unknown.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number in double precision.
    Float(f64),
    /// Text.
    String(Arc<str>),
    /// A list of values of any types.
    List(Arc<Vec<Value>>),
    /// A map from names to values.
    Map(Arc<Map>),
    /// A calendar day.
    Date(Date),
    /// A length of time.
    Duration(Duration),
    /// A node of the graph.
    Node(NodeId),
    /// A relationship of the graph.
    Edge(EdgeId),
    /// A path of the graph.
    Path(Arc<Path>),
}

/// Conjunction of truth values; `None` is unknown.
pub fn and3(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Disjunction of truth values.
pub fn or3(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Exclusive disjunction of truth values.
pub fn xor3(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    Some(a? != b?)
}

impl Value {
    /// A text.
    pub fn string(s: impl Into<Arc<str>>) -> Value {
        Value::String(s.into())
    }

    /// A list.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Arc::new(items))
    }

    /// A map.
    pub fn map(entries: Map) -> Value {
        Value::Map(Arc::new(entries))
    }

    /// A truth value; unknown is null.
    pub fn truth(b: Option<bool>) -> Value {
        b.map_or(Value::Null, Value::Bool)
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The name of the type, as error messages use it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a float",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            Value::Date(_) => "a date",
            Value::Duration(_) => "a duration",
            Value::Node(_) => "a node",
            Value::Edge(_) => "a relationship",
            Value::Path(_) => "a path",
        }
    }

    /// Equality (`=`): unknown where a null decides.
    pub fn equals(&self, other: &Value) -> Option<bool> {
        use Value::*;
        match (self, other) {
            (Null, _) | (_, Null) => None,
            (Bool(a), Bool(b)) => Some(a == b),
            (Int(a), Int(b)) => Some(a == b),
            (Float(a), Float(b)) => Some(a == b),
            (Int(a), Float(b)) | (Float(b), Int(a)) => Some(int_float(*a, *b) == Some(Ordering::Equal)),
            (String(a), String(b)) => Some(a == b),
            (Date(a), Date(b)) => Some(a == b),
            (Duration(a), Duration(b)) => Some(a == b),
            (Node(a), Node(b)) => Some(a == b),
            (Edge(a), Edge(b)) => Some(a == b),
            (Path(a), Path(b)) => Some(a == b),
            (List(a), List(b)) => {
                if a.len() != b.len() {
                    return Some(false);
                }
                let mut result = Some(true);
                for (x, y) in a.iter().zip(b.iter()) {
                    result = and3(result, x.equals(y));
                    if result == Some(false) {
                        break;
                    }
                }
                result
            }
            (Map(a), Map(b)) => {
                if a.len() != b.len() || a.keys().any(|k| !b.contains_key(k)) {
                    return Some(false);
                }
                let mut result = Some(true);
                for (k, x) in a.iter() {
                    result = and3(result, b.get(k).and_then(|y| x.equals(y)));
                    if result == Some(false) {
                        break;
                    }
                }
                result
            }
            _ => Some(false),
        }
    }

    /// Comparison (`<`, `<=`, `>`, `>=`): `test` is asked of the ordering. Unknown for null and for types that do not
    /// compare; NaN beside a number is neither less, equal nor greater.
    pub fn compares(&self, other: &Value, test: fn(Ordering) -> bool) -> Option<bool> {
        match self.comparison(other) {
            Comparison::Known(o) => Some(test(o)),
            Comparison::Never => Some(false),
            Comparison::Unknown => None,
        }
    }

    fn comparison(&self, other: &Value) -> Comparison {
        use Value::*;
        let known = Comparison::Known;
        let number = |o: Option<Ordering>| o.map_or(Comparison::Never, Comparison::Known);
        match (self, other) {
            (Bool(a), Bool(b)) => known(a.cmp(b)),
            (Int(a), Int(b)) => known(a.cmp(b)),
            (Float(a), Float(b)) => number(a.partial_cmp(b)),
            (Int(a), Float(b)) => number(int_float(*a, *b)),
            (Float(a), Int(b)) => number(int_float(*b, *a).map(Ordering::reverse)),
            (String(a), String(b)) => known(a.cmp(b)),
            (Date(a), Date(b)) => known(a.cmp(b)),
            (List(a), List(b)) => {
                for (x, y) in a.iter().zip(b.iter()) {
                    match x.comparison(y) {
                        Comparison::Known(Ordering::Equal) => {}
                        decided => return decided,
                    }
                }
                known(a.len().cmp(&b.len()))
            }
            // Things without an order still are as great as themselves.
            (Node(a), Node(b)) if a == b => known(Ordering::Equal),
            (Edge(a), Edge(b)) if a == b => known(Ordering::Equal),
            _ => Comparison::Unknown,
        }
    }

    /// The place of the type in the order of all values.
    fn rank(&self) -> u8 {
        match self {
            Value::Map(_) => 0,
            Value::Node(_) => 1,
            Value::Edge(_) => 2,
            Value::List(_) => 3,
            Value::Path(_) => 4,
            Value::Date(_) => 5,
            Value::Duration(_) => 6,
            Value::String(_) => 7,
            Value::Bool(_) => 8,
            Value::Int(_) | Value::Float(_) => 9,
            Value::Null => 10,
        }
    }

    /// Total order over all values (ORDER BY, min, max): maps, nodes, relationships, lists, paths, dates, durations,
    /// strings, booleans, numbers with NaN last, null.
    pub fn order(&self, other: &Value) -> Ordering {
        use Value::*;
        match (self, other) {
            (Bool(a), Bool(b)) => a.cmp(b),
            (Int(a), Int(b)) => a.cmp(b),
            (Float(a), Float(b)) => a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())),
            (Int(a), Float(b)) => int_float(*a, *b).unwrap_or(Ordering::Less),
            (Float(a), Int(b)) => int_float(*b, *a).map_or(Ordering::Greater, Ordering::reverse),
            (String(a), String(b)) => a.cmp(b),
            (Date(a), Date(b)) => a.cmp(b),
            (Duration(a), Duration(b)) => a.cmp(b),
            (Node(a), Node(b)) => a.cmp(b),
            (Edge(a), Edge(b)) => a.cmp(b),
            (Path(a), Path(b)) => a.cmp(b),
            (List(a), List(b)) => {
                let first = a.iter().zip(b.iter()).map(|(x, y)| x.order(y)).find(|o| o.is_ne());
                first.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            (Map(a), Map(b)) => {
                let sorted = |m: &Arc<self::Map>| {
                    let mut entries: Vec<(Arc<str>, Value)> = m.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
                    entries.sort_by(|x, y| x.0.cmp(&y.0));
                    entries
                };
                let (a, b) = (sorted(a), sorted(b));
                let first = a.iter().zip(&b).map(|(x, y)| x.0.cmp(&y.0).then_with(|| x.1.order(&y.1)));
                let first = first.into_iter().find(|o| o.is_ne());
                first.unwrap_or_else(|| a.len().cmp(&b.len()))
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// Equivalence (DISTINCT, grouping).
    pub fn equivalent(&self, other: &Value) -> bool {
        use Value::*;
        match (self, other) {
            (Null, Null) => true,
            (Float(a), Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (List(a), List(b)) => a.len() == b.len() && a.iter().zip(b.iter()).all(|(x, y)| x.equivalent(y)),
            (Map(a), Map(b)) => a.len() == b.len() && a.iter().all(|(k, x)| b.get(k).is_some_and(|y| x.equivalent(y))),
            _ => self.equals(other) == Some(true),
        }
    }

    fn hash_into<H: Hasher>(&self, state: &mut H) {
        self.rank().hash(state);
        match self {
            Value::Null => {}
            Value::Bool(b) => b.hash(state),
            Value::Int(i) => i.hash(state),
            Value::Float(f) => match exact_int(*f) {
                // Equivalent numbers must hash alike.
                Some(i) => i.hash(state),
                None if f.is_nan() => u64::MAX.hash(state),
                None => f.to_bits().hash(state),
            },
            Value::String(s) => s.hash(state),
            Value::List(items) => {
                items.len().hash(state);
                items.iter().for_each(|v| v.hash_into(state));
            }
            Value::Map(m) => {
                // The order of the keys must not matter: their number and a sum that commutes.
                let mut sum = 0u64;
                for (k, v) in m.iter() {
                    let mut h = rustc_hash::FxHasher::default();
                    k.hash(&mut h);
                    v.hash_into(&mut h);
                    sum = sum.wrapping_add(h.finish());
                }
                (m.len(), sum).hash(state);
            }
            Value::Date(d) => d.hash(state),
            Value::Duration(d) => d.hash(state),
            Value::Node(n) => n.hash(state),
            Value::Edge(e) => e.hash(state),
            Value::Path(p) => p.hash(state),
        }
    }

    /// Estimated bytes that the value takes beside its own size; what lies deep inside a shared value is not counted
    /// twice as deep as its first level.
    pub fn weight(&self) -> usize {
        match self {
            Value::String(s) => s.len() + 16,
            Value::List(items) => 16 + items.len() * size_of::<Value>(),
            Value::Map(m) => 48 + m.len() * (size_of::<Value>() + 32),
            Value::Path(p) => 64 + 4 * (p.nodes.len() + p.edges.len()),
            _ => 0,
        }
    }

    /// How many values lie inside, at any depth, itself included; counting stops beyond `cap`. Sharing does not
    /// shorten the count: it bounds what equality, hashing and text of the value cost.
    pub fn extent(&self, cap: usize) -> usize {
        match self {
            Value::List(items) => count(items.iter(), cap),
            Value::Map(m) => count(m.values(), cap),
            _ => 1,
        }
    }
}

fn count<'a>(items: impl Iterator<Item = &'a Value>, cap: usize) -> usize {
    let mut n = 1;
    for v in items {
        if n > cap {
            break;
        }
        n += match v {
            Value::List(_) | Value::Map(_) => v.extent(cap - n),
            _ => 1,
        };
    }
    n
}

enum Comparison {
    Known(Ordering),
    Never,
    Unknown,
}

/// How a whole number compares with a float, exactly; none for NaN.
fn int_float(i: i64, f: f64) -> Option<Ordering> {
    if f.is_nan() {
        return None;
    }
    // 2^63 and beyond, and below -2^63, lie outside every i64.
    if f >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if f < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    let whole = f.trunc();
    Some(i.cmp(&(whole as i64)).then_with(|| 0.0f64.partial_cmp(&(f - whole)).unwrap_or(Ordering::Equal)))
}

/// The whole number that a float is exactly, if any.
fn exact_int(f: f64) -> Option<i64> {
    let inside = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f);
    (inside && f.fract() == 0.0).then_some(f as i64)
}

/// A value as a key of DISTINCT and of grouping: equal by equivalence.
#[derive(Debug, Clone)]
pub struct Key(pub Value);

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.0.equivalent(&other.0)
    }
}
impl Eq for Key {}
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_into(state);
    }
}

/// Text of a float: always with a point or an exponent, `NaN`, `Infinity`.
pub fn float_text(f: f64) -> String {
    if f.is_nan() {
        "NaN".into()
    } else if f.is_infinite() {
        if f > 0.0 { "Infinity".into() } else { "-Infinity".into() }
    } else {
        format!("{f:?}")
    }
}

/// A string as a literal in single quotes.
pub fn quoted(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 2);
    out.push('\'');
    for c in s.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// The value as a literal of the language. Nodes, relationships and paths, which no literal can name, are shown by
/// their numbers; a renderer that has the graph shows more.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::Int(i) => write!(f, "{i}"),
            Value::Float(x) => f.write_str(&float_text(*x)),
            Value::String(s) => f.write_str(&quoted(s)),
            Value::List(items) => {
                f.write_str("[")?;
                for (i, v) in items.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{v}")?;
                }
                f.write_str("]")
            }
            Value::Map(m) => {
                f.write_str("{")?;
                for (i, (k, v)) in m.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{k}: {v}")?;
                }
                f.write_str("}")
            }
            Value::Date(d) => write!(f, "{d}"),
            Value::Duration(d) => write!(f, "{d}"),
            Value::Node(n) => write!(f, "({n:?})"),
            Value::Edge(e) => write!(f, "[{e:?}]"),
            Value::Path(p) => {
                f.write_str("<")?;
                for (i, n) in p.nodes.iter().enumerate() {
                    write!(f, "({n:?})")?;
                    if let Some(e) = p.edges.get(i) {
                        write!(f, "-[{e:?}]-")?;
                    }
                }
                f.write_str(">")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[Value]) -> Value {
        Value::list(items.to_vec())
    }
    fn s(t: &str) -> Value {
        Value::string(t)
    }
    const N: Value = Value::Null;

    #[test]
    fn truth_tables() {
        let all = [Some(true), Some(false), None];
        for a in all {
            for b in all {
                assert_eq!(and3(a, b), and3(b, a));
                assert_eq!(or3(a, b), or3(b, a));
                // De Morgan.
                assert_eq!(and3(a, b).map(|x| !x), or3(a.map(|x| !x), b.map(|x| !x)));
            }
        }
        assert_eq!(and3(None, Some(false)), Some(false));
        assert_eq!(or3(None, Some(true)), Some(true));
        assert_eq!(xor3(None, Some(true)), None);
    }

    #[test]
    fn equality_is_unknown_where_a_null_decides() {
        assert_eq!(list(&[Value::Int(1), N]).equals(&list(&[Value::Int(1), Value::Int(2)])), None);
        assert_eq!(list(&[Value::Int(1), N]).equals(&list(&[Value::Int(2), N])), Some(false));
        assert_eq!(list(&[N]).equals(&list(&[N])), None);
        assert_eq!(list(&[N]).equals(&list(&[])), Some(false));
        assert_eq!(Value::Int(1).equals(&Value::Float(1.0)), Some(true));
        assert_eq!(Value::Int(1).equals(&s("1")), Some(false));
        assert_eq!(Value::Float(f64::NAN).equals(&Value::Float(f64::NAN)), Some(false));
    }

    #[test]
    fn great_integers_compare_exactly_with_floats() {
        let i = 9_007_199_254_740_993; // 2^53 + 1 has no float
        assert_eq!(Value::Int(i).equals(&Value::Float(9_007_199_254_740_992.0)), Some(false));
        assert_eq!(Value::Int(i).order(&Value::Float(9_007_199_254_740_992.0)), Ordering::Greater);
        assert_eq!(Value::Int(i64::MAX).order(&Value::Float(9.3e18)), Ordering::Less);
        assert_eq!(Value::Int(i64::MIN).order(&Value::Float(-1e19)), Ordering::Greater);
        assert_eq!(Value::Int(-1).order(&Value::Float(-1.5)), Ordering::Greater);
        assert_eq!(Value::Int(1).order(&Value::Float(1.5)), Ordering::Less);
    }

    #[test]
    fn comparison_of_unlike_types_is_unknown_and_of_nan_false() {
        assert_eq!(Value::Int(1).compares(&s("a"), Ordering::is_lt), None);
        assert_eq!(Value::Int(1).compares(&Value::Float(f64::NAN), Ordering::is_lt), Some(false));
        assert_eq!(
            list(&[Value::Int(1), Value::Int(2)]).compares(&list(&[Value::Int(3), N]), Ordering::is_ge),
            Some(false)
        );
        assert_eq!(list(&[Value::Int(1), N]).compares(&list(&[Value::Int(1)]), Ordering::is_ge), Some(true));
        assert_eq!(list(&[Value::Int(1), Value::Int(2)]).compares(&list(&[Value::Int(1), N]), Ordering::is_ge), None);
    }

    #[test]
    fn order_is_total_and_null_is_last() {
        let mut all = vec![
            N,
            Value::Float(f64::NAN),
            Value::Float(1.5),
            Value::Int(1),
            Value::Bool(false),
            s("b"),
            s("a"),
            list(&[Value::Int(2)]),
            list(&[N]),
            list(&[]),
            Value::map(Map::new()),
        ];
        all.sort_by(Value::order);
        let shown: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["{}", "[]", "[2]", "[null]", "'a'", "'b'", "false", "1", "1.5", "NaN", "null"]);
    }

    #[test]
    fn keys_follow_equivalence() {
        use std::collections::HashSet;
        let set: HashSet<Key> = [
            N,
            N,
            Value::Int(1),
            Value::Float(1.0),
            Value::Float(f64::NAN),
            Value::Float(-f64::NAN),
            list(&[N]),
            list(&[N]),
            Value::Float(0.0),
            Value::Float(-0.0),
        ]
        .into_iter()
        .map(Key)
        .collect();
        assert_eq!(set.len(), 5);
    }

    #[test]
    fn extent_sees_through_sharing_and_stops() {
        let mut v = list(&[Value::Int(1), Value::Int(2)]);
        for _ in 0..100 {
            v = list(&[v.clone(), v]);
        }
        assert!(v.extent(1000) > 1000);
        assert_eq!(list(&[Value::Int(1), list(&[N])]).extent(1000), 4);
    }
}
