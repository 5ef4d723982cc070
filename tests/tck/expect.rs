//! Values as the TCK writes them, read by a parser of its own (not the engine's), and both sides of a comparison as
//! canonical text: equal values have equal texts, integers and floats differ, labels and keys are sorted.

use std::collections::BTreeMap;

use samband::graph::{EdgeId, Graph, NodeId, PropertyRef};
use samband::query::value::{Map, Value};

/// A value of the TCK.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Plain(Value),
    List(Vec<Cell>),
    Map(BTreeMap<String, Cell>),
    Node(Vec<String>, BTreeMap<String, Cell>),
    Edge(String, BTreeMap<String, Cell>),
    /// Nodes, and relationships that point forwards or not.
    Path(Vec<Cell>, Vec<(Cell, bool)>),
}

/// Reads a cell of a table.
pub(crate) fn read(text: &str) -> Result<Cell, String> {
    let mut reader = Reader { text, at: 0 };
    let cell = reader.cell()?;
    reader.space();
    if reader.at < text.len() { Err(format!("`{text}` goes on after {}", reader.at)) } else { Ok(cell) }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn need(&mut self, token: &str) -> Result<(), String> {
        if self.take(token) { Ok(()) } else { Err(format!("`{token}` expected at {} of `{}`", self.at, self.text)) }
    }

    fn name(&mut self) -> String {
        self.space();
        if self.take("`") {
            let end = self.rest().find('`').unwrap_or(self.rest().len());
            let name = self.rest()[..end].to_owned();
            self.at += end + 1;
            return name;
        }
        let end = self.rest().find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest().len());
        let name = self.rest()[..end].to_owned();
        self.at += end;
        name
    }

    fn cell(&mut self) -> Result<Cell, String> {
        self.space();
        match self.rest().chars().next() {
            None => Err(format!("nothing in `{}`", self.text)),
            Some('\'') => self.string(),
            Some('[') if self.rest()[1..].trim_start().starts_with(':') => self.edge(),
            Some('[') => {
                self.need("[")?;
                let mut items = Vec::new();
                while !self.take("]") {
                    items.push(self.cell()?);
                    self.take(",");
                }
                Ok(Cell::List(items))
            }
            Some('{') => Ok(Cell::Map(self.map()?)),
            Some('(') => self.node(),
            Some('<') => self.path(),
            Some(_) => self.word(),
        }
    }

    fn word(&mut self) -> Result<Cell, String> {
        let end = self.rest().find([',', ']', '}', ' ', ')', '>']).unwrap_or(self.rest().len());
        let word = self.rest()[..end].to_owned();
        self.at += end;
        Ok(Cell::Plain(match word.as_str() {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "NaN" => Value::Float(f64::NAN),
            "Inf" | "Infinity" => Value::Float(f64::INFINITY),
            "-Inf" | "-Infinity" => Value::Float(f64::NEG_INFINITY),
            number => match number.parse::<i64>() {
                Ok(i) => Value::Int(i),
                Err(_) => Value::Float(number.parse().map_err(|_| format!("`{number}` is no value"))?),
            },
        }))
    }

    fn string(&mut self) -> Result<Cell, String> {
        self.need("'")?;
        let mut out = String::new();
        let mut chars = self.text[self.at..].char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '\'' => {
                    self.at += i + 1;
                    return Ok(Cell::Plain(Value::string(out)));
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, other)) => out.push(other),
                    None => break,
                },
                c => out.push(c),
            }
        }
        Err(format!("a string without an end in `{}`", self.text))
    }

    fn map(&mut self) -> Result<BTreeMap<String, Cell>, String> {
        self.need("{")?;
        let mut entries = BTreeMap::new();
        while !self.take("}") {
            let key = self.name();
            self.need(":")?;
            entries.insert(key, self.cell()?);
            self.take(",");
        }
        Ok(entries)
    }

    fn optional_map(&mut self) -> Result<BTreeMap<String, Cell>, String> {
        self.space();
        if self.rest().starts_with('{') { self.map() } else { Ok(BTreeMap::new()) }
    }

    fn node(&mut self) -> Result<Cell, String> {
        self.need("(")?;
        let mut labels = Vec::new();
        while self.take(":") {
            labels.push(self.name());
        }
        let properties = self.optional_map()?;
        self.need(")")?;
        labels.sort();
        Ok(Cell::Node(labels, properties))
    }

    fn edge(&mut self) -> Result<Cell, String> {
        self.need("[")?;
        self.need(":")?;
        let name = self.name();
        let properties = self.optional_map()?;
        self.need("]")?;
        Ok(Cell::Edge(name, properties))
    }

    fn path(&mut self) -> Result<Cell, String> {
        self.need("<")?;
        let mut nodes = vec![self.node()?];
        let mut edges = Vec::new();
        while !self.take(">") {
            let back = self.take("<-");
            if !back {
                self.need("-")?;
            }
            let edge = self.edge()?;
            let forward = if back {
                self.need("-")?;
                false
            } else {
                self.need("->")?;
                true
            };
            edges.push((edge, forward));
            nodes.push(self.node()?);
        }
        Ok(Cell::Path(nodes, edges))
    }
}

impl Cell {
    /// The cell as a value; only where it holds no node, relationship or path (parameters).
    pub(crate) fn value(&self) -> Result<Value, String> {
        Ok(match self {
            Cell::Plain(v) => v.clone(),
            Cell::List(items) => Value::list(items.iter().map(Cell::value).collect::<Result<_, _>>()?),
            Cell::Map(entries) => {
                let mut map = Map::new();
                for (k, v) in entries {
                    map.insert(k.as_str().into(), v.value()?);
                }
                Value::map(map)
            }
            _ => return Err("a parameter holds no part of a graph".into()),
        })
    }

    /// The canonical text; `any_order` sorts the elements of lists.
    pub(crate) fn text(&self, any_order: bool) -> String {
        let map = |m: &BTreeMap<String, Cell>| -> String {
            m.iter().map(|(k, v)| format!("{k}: {}", v.text(any_order))).collect::<Vec<_>>().join(", ")
        };
        match self {
            Cell::Plain(v) => plain(v),
            Cell::List(items) => {
                let mut texts: Vec<String> = items.iter().map(|i| i.text(any_order)).collect();
                if any_order {
                    texts.sort();
                }
                format!("[{}]", texts.join(", "))
            }
            Cell::Map(m) => format!("{{{}}}", map(m)),
            Cell::Node(labels, m) => format!("(:{} {{{}}})", labels.join(":"), map(m)),
            Cell::Edge(name, m) => format!("[:{name} {{{}}}]", map(m)),
            Cell::Path(nodes, edges) => {
                let mut out = format!("<{}", nodes[0].text(any_order));
                for ((edge, forward), node) in edges.iter().zip(&nodes[1..]) {
                    let (a, b) = if *forward { ("-", "->") } else { ("<-", "-") };
                    out += &format!("{a}{}{b}{}", edge.text(any_order), node.text(any_order));
                }
                out + ">"
            }
        }
    }
}

fn plain(v: &Value) -> String {
    match v {
        Value::Float(f) if f.is_nan() => "NaN".into(),
        // Zero has one text, and a float always shows that it is one.
        Value::Float(f) => format!("{:?}f", f + 0.0),
        Value::String(s) => format!("{s:?}"),
        other => other.to_string(),
    }
}

/// A value of an answer.
pub(crate) fn actual(v: &Value, graph: &Graph) -> Cell {
    match v {
        Value::List(items) => Cell::List(items.iter().map(|i| actual(i, graph)).collect()),
        Value::Map(m) => Cell::Map(m.iter().map(|(k, v)| (k.to_string(), actual(v, graph))).collect()),
        Value::Node(n) => node(*n, graph),
        Value::Edge(e) => edge(*e, graph),
        Value::Path(p) => {
            let forward = |(i, e): (usize, &EdgeId)| (edge(*e, graph), graph.source(*e) == p.nodes[i]);
            Cell::Path(
                p.nodes.iter().map(|n| node(*n, graph)).collect(),
                p.edges.iter().enumerate().map(forward).collect(),
            )
        }
        other => Cell::Plain(other.clone()),
    }
}

/// A stored property.
pub(crate) fn stored(p: &PropertyRef<'_>) -> Cell {
    match p {
        PropertyRef::Null => Cell::Plain(Value::Null),
        PropertyRef::Bool(b) => Cell::Plain(Value::Bool(*b)),
        PropertyRef::Int(i) => Cell::Plain(Value::Int(*i)),
        PropertyRef::Float(f) => Cell::Plain(Value::Float(*f)),
        PropertyRef::String(s) => Cell::Plain(Value::string(*s)),
        PropertyRef::List(items) => Cell::List(items.iter().map(stored).collect()),
        PropertyRef::Map(entries) => Cell::Map(entries.iter().map(|(k, v)| ((*k).to_owned(), stored(v))).collect()),
    }
}

fn node(n: NodeId, graph: &Graph) -> Cell {
    let mut labels: Vec<String> = graph.node_labels(n).map(|l| graph.label_name(l).to_owned()).collect();
    labels.sort();
    Cell::Node(labels, graph.node_properties(n).map(|(k, v)| (graph.key_name(k).to_owned(), stored(&v))).collect())
}

fn edge(e: EdgeId, graph: &Graph) -> Cell {
    let name = graph.relation_name(graph.relation(e)).to_owned();
    Cell::Edge(name, graph.edge_properties(e).map(|(k, v)| (graph.key_name(k).to_owned(), stored(&v))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_and_compared() {
        for (a, b) in [
            ("(:B:A {x: 1})", "(:A:B {x: 1})"),
            ("{a: 1, b: 'x'}", "{b: 'x', a: 1}"),
            ("<(:A)-[:T {n: null}]->()<-[:U]-(:B)>", "< (:A)-[:T {n: null}]->()<-[:U]-(:B) >"),
            ("[1, [2.0, 'it\\'s'], null]", "[ 1,[2.0,'it\\'s'],null ]"),
            ("-0.0", "0.0"),
        ] {
            assert_eq!(read(a).unwrap().text(false), read(b).unwrap().text(false));
        }
        assert_ne!(read("1").unwrap().text(false), read("1.0").unwrap().text(false));
        assert_eq!(read("[2, 1]").unwrap().text(true), read("[1, 2]").unwrap().text(true));
        assert!(read("[1").is_err() && read("1 2").is_err());
    }
}
