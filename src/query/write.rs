//! Clauses that write: CREATE, MERGE, DELETE, SET, REMOVE.
//!
//! Nodes and relationships have the same numbers in the graph and in the builder while a clause is at work: the
//! builder is thawed from the graph, and what is new comes after what there was. After the clause the builder is frozen
//! and every number in the rows is changed to the new one.

use std::sync::Arc;
use std::time::Duration;

use super::answer::{Options, Params};
use super::ast::{
    self, Arrow, Clause, Create, Delete, ExprKind, Link, Merge, NodePattern, PathPattern, RelationshipPattern,
    RemoveItem, SetItem,
};
use super::context::{Context, Overlay};
use super::error::{Detail, ErrorType, QueryError};
use super::expr::{Expr, Slot};
use super::functions::Fail;
use super::plan::{Binding, Planner, Scope};
use super::run::gather;
use super::store::{self, DELETED};
use super::value::{Map, Path, Value};
use crate::graph::{Builder, EdgeId, Graph, GraphError, NodeId, Renumbering};

/// A statement that writes, under way.
pub(crate) struct Work<'o> {
    /// The graph as it was after the last clause.
    pub(crate) graph: Graph,
    builder: Builder,
    pub(crate) params: &'o Params,
    pub(crate) options: &'o Options,
    pub(crate) started: Duration,
    /// The variables at hand.
    pub(crate) names: Vec<Arc<str>>,
    /// Their values, a row at a time.
    pub(crate) rows: Vec<Vec<Value>>,
    /// Rows of the answer so far.
    pub(crate) done: Vec<Vec<Value>>,
    /// Remarks beside the answer.
    pub(crate) notes: Vec<String>,
}

fn failed(e: GraphError) -> Fail {
    let (kind, detail) = match e {
        GraphError::StillConnected(_) => (ErrorType::ConstraintVerificationFailed, Detail::DeleteConnectedNode),
        GraphError::Missing { .. } => (ErrorType::EntityNotFound, Detail::DeletedEntityAccess),
        _ => (ErrorType::SemanticError, Detail::InvalidArgumentValue),
    };
    Box::new(QueryError::runtime(kind, detail, e.to_string()))
}

fn fail<T>(kind: ErrorType, detail: Detail, message: impl Into<String>) -> Result<T, Fail> {
    Err(Box::new(QueryError::runtime(kind, detail, message)))
}

/// The number that a value refers to after freezing.
fn renumber(v: &mut Value, new: &Renumbering) {
    let node = |n: NodeId| new.node(n).unwrap_or(NodeId(DELETED));
    let edge = |e: EdgeId| new.edge(e).unwrap_or(EdgeId(DELETED));
    match v {
        Value::Node(n) => *n = node(*n),
        Value::Edge(e) => *e = edge(*e),
        Value::Path(p) => {
            *p = Arc::new(Path {
                nodes: p.nodes.iter().map(|n| node(*n)).collect(),
                edges: p.edges.iter().map(|e| edge(*e)).collect(),
            });
        }
        Value::List(items) => {
            let mut changed = (**items).clone();
            changed.iter_mut().for_each(|v| renumber(v, new));
            *items = Arc::new(changed);
        }
        Value::Map(m) => {
            let mut changed = (**m).clone();
            changed.values_mut().for_each(|v| renumber(v, new));
            *m = Arc::new(changed);
        }
        _ => {}
    }
}

/// What a CREATE makes of each row.
enum Make {
    Node { slot: Slot, labels: Vec<String>, properties: Option<Expr> },
    Edge { slot: Slot, from: Slot, relation: String, to: Slot, properties: Option<Expr> },
    Path { slot: Slot, start: Slot, parts: Vec<Slot> },
}

impl<'o> Work<'o> {
    pub(crate) fn new(
        graph: Graph,
        params: &'o Params,
        options: &'o Options,
        started: Duration,
    ) -> Result<Work<'o>, Fail> {
        let builder = graph.thaw().map_err(failed)?;
        let (names, rows, done, notes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Ok(Work { graph, builder, params, options, started, names, rows, done, notes })
    }

    /// The graph as changed.
    pub(crate) fn into_graph(self) -> Graph {
        self.graph
    }

    /// Freezes what was changed and brings all rows up to date; `others` are rows that a clause holds apart.
    fn freeze(&mut self, others: &mut [Vec<Value>]) -> Result<(), Fail> {
        let (graph, new) = self.builder.freeze_renumbered().map_err(failed)?;
        self.builder = graph.thaw().map_err(failed)?;
        self.graph = graph;
        for row in self.rows.iter_mut().chain(&mut self.done).chain(others) {
            row.iter_mut().for_each(|v| renumber(v, &new));
        }
        Ok(())
    }

    /// Runs a clause over the rows at hand.
    pub(crate) fn clause(&mut self, clause: &Clause) -> Result<(), Fail> {
        match clause {
            Clause::Create(c) => self.create(c)?,
            Clause::Delete(d) => self.delete(d)?,
            Clause::Set(s) => self.set(&s.items)?,
            Clause::Remove(r) => self.remove(&r.items)?,
            Clause::Merge(m) => return self.merge(m),
            _ => {}
        }
        self.freeze(&mut [])
    }

    /// The variables at hand as a scope whose slots are the columns.
    fn scope(&self) -> Scope {
        let mut scope = Scope::default();
        for (i, name) in self.names.iter().enumerate() {
            scope.bind(name.clone(), Binding::Slot(i));
        }
        scope
    }

    /// A planner whose first slots are the columns.
    fn planner(&self) -> Planner<'_> {
        let mut planner = Planner::new(&self.graph, self.options.naive);
        planner.table(&self.names, 0);
        planner
    }

    fn create(&mut self, c: &Create) -> Result<(), Fail> {
        let mut planner = self.planner();
        let mut scope = self.scope();
        let mut makes = Vec::new();
        for p in &c.patterns {
            plan_path(p, &mut planner, &mut scope, &mut makes)?;
        }
        let width = planner.slot_count();
        let mut rows = std::mem::take(&mut self.rows);
        for row in &mut rows {
            row.resize(width, Value::Null);
        }
        {
            let graph = self.graph.clone();
            let mut cx = Context::new(&graph, self.params, self.options, self.started);
            cx.overlay = Some(Overlay::default().into());
            for row in &mut rows {
                cx.tick()?;
                make(&makes, row, &mut self.builder, &cx)?;
            }
        }
        self.keep(rows, &scope);
        Ok(())
    }

    /// Keeps the named columns of wide rows.
    fn keep(&mut self, rows: Vec<Vec<Value>>, scope: &Scope) {
        let mut columns = Vec::new();
        self.names.clear();
        for (name, binding) in scope.names() {
            if let Binding::Slot(s) = binding {
                self.names.push(name.clone());
                columns.push(*s);
            }
        }
        self.rows = rows.into_iter().map(|row| columns.iter().map(|c| row[*c].clone()).collect()).collect();
    }

    fn delete(&mut self, d: &Delete) -> Result<(), Fail> {
        let scope = self.scope();
        let mut planner = self.planner();
        let targets = planner.exprs(&d.targets, &scope)?;
        let width = planner.slot_count();
        let (mut nodes, mut edges) = (Vec::new(), Vec::new());
        let graph = self.graph.clone();
        let cx = Context::new(&graph, self.params, self.options, self.started);
        for row in &self.rows {
            let mut row = row.clone();
            row.resize(width, Value::Null);
            for target in &targets {
                cx.tick()?;
                doomed(&target.eval(&mut row, &cx)?, &mut nodes, &mut edges)?;
            }
        }
        for e in edges {
            if self.builder.has_edge(e) {
                self.builder.remove_edge(e).map_err(failed)?;
            }
        }
        for n in nodes {
            if self.builder.has_node(n) {
                self.builder.remove_node(n, d.detach).map_err(failed)?;
            }
        }
        Ok(())
    }

    fn set(&mut self, items: &[SetItem]) -> Result<(), Fail> {
        let scope = self.scope();
        let mut rows = std::mem::take(&mut self.rows);
        let result = self.set_rows(items, &scope, &mut rows);
        self.rows = rows;
        result
    }

    /// Applies assignments to rows of named columns.
    fn set_rows(&mut self, items: &[SetItem], scope: &Scope, rows: &mut [Vec<Value>]) -> Result<(), Fail> {
        let mut planner = self.planner();
        let mut sets = Vec::new();
        for item in items {
            sets.push(match item {
                SetItem::Property { target, key, value } => {
                    Set::Property(planner.expr(target, scope)?, key.text.clone(), planner.expr(value, scope)?)
                }
                SetItem::Replace { target, value } => {
                    Set::Map(planner.variable(target, scope)?, planner.expr(value, scope)?, true)
                }
                SetItem::Extend { target, value } => {
                    Set::Map(planner.variable(target, scope)?, planner.expr(value, scope)?, false)
                }
                SetItem::Labels { target, labels } => {
                    let labels = labels.iter().map(|l| l.text.clone()).collect();
                    Set::Labels(planner.variable(target, scope)?, labels, true)
                }
            });
        }
        let width = planner.slot_count();
        self.apply(&sets, width, rows)
    }

    fn remove(&mut self, items: &[RemoveItem]) -> Result<(), Fail> {
        let scope = self.scope();
        let mut planner = self.planner();
        let mut sets = Vec::new();
        for item in items {
            sets.push(match item {
                RemoveItem::Property { target, key } => {
                    Set::Property(planner.expr(target, &scope)?, key.text.clone(), Expr::Const(Value::Null))
                }
                RemoveItem::Labels { target, labels } => {
                    let labels = labels.iter().map(|l| l.text.clone()).collect();
                    Set::Labels(planner.variable(target, &scope)?, labels, false)
                }
            });
        }
        let width = planner.slot_count();
        let mut rows = std::mem::take(&mut self.rows);
        let result = self.apply(&sets, width, &mut rows);
        self.rows = rows;
        result
    }

    fn apply(&mut self, sets: &[Set], width: usize, rows: &mut [Vec<Value>]) -> Result<(), Fail> {
        let graph = self.graph.clone();
        let mut cx = Context::new(&graph, self.params, self.options, self.started);
        cx.overlay = Some(Overlay::default().into());
        for row in rows {
            let mut wide = row.clone();
            wide.resize(width.max(row.len()), Value::Null);
            for set in sets {
                cx.tick()?;
                set.apply(&mut wide, &mut self.builder, &cx)?;
            }
        }
        Ok(())
    }

    fn merge(&mut self, m: &Merge) -> Result<(), Fail> {
        let mut waiting = std::mem::take(&mut self.rows);
        waiting.reverse();
        let columns = self.names.clone();
        let mut out: Vec<Vec<Value>> = Vec::new();
        let mut names = Vec::new();
        while let Some(row) = waiting.pop() {
            self.names = columns.clone();
            self.rows = vec![row];
            self.merge_row(m)?;
            names = self.names.clone();
            let (made, before) = (std::mem::take(&mut self.rows), out.len());
            out.extend(made);
            // The rows of this turn and all others must follow what it changed.
            let mut all: Vec<Vec<Value>> = std::mem::take(&mut out);
            let split = all.len();
            all.append(&mut waiting);
            self.freeze(&mut all)?;
            waiting = all.split_off(split);
            out = all;
            debug_assert!(before <= out.len());
        }
        if names.is_empty() {
            // Without rows the variables are there all the same.
            let mut planner = self.planner();
            let mut scope = self.scope();
            plan_path(&m.pattern, &mut planner, &mut scope, &mut Vec::new())?;
            names = scope.names().map(|(n, _)| n.clone()).collect();
        }
        self.names = names;
        self.rows = out;
        Ok(())
    }

    /// MERGE for the one row at hand.
    fn merge_row(&mut self, m: &Merge) -> Result<(), Fail> {
        let found = {
            let mut planner = Planner::new(&self.graph, self.options.naive);
            let (op, scope) = planner.table(&self.names, 1);
            refuse_nulls(&m.pattern, &mut planner, &scope, self)?;
            let (mut op, inner) = planner.patterns(op, &scope, std::slice::from_ref(&m.pattern), None)?;
            let (mut slots, mut names, mut made) = (Vec::new(), Vec::new(), Vec::new());
            for (name, binding) in inner.names() {
                names.push(name.clone());
                slots.push(match binding {
                    Binding::Slot(s) => *s,
                    path @ Binding::Path(..) => {
                        let slot = planner.slot();
                        made.push((slot, path.expr()));
                        slot
                    }
                });
            }
            if !made.is_empty() {
                op = planner.over(super::plan::OpKind::Project(made), op);
            }
            let mut cx = Context::new(&self.graph, self.params, self.options, self.started);
            cx.table = &self.rows;
            let rows = gather(&op, &slots, planner.slot_count(), usize::MAX, &cx)?.rows;
            (names, rows)
        };
        let (names, rows) = found;
        let (items, created) = if rows.is_empty() {
            let create = Create { patterns: vec![m.pattern.clone()], span: m.span };
            self.create(&create)?;
            (&m.on_create, true)
        } else {
            self.names = names;
            self.rows = rows;
            (&m.on_match, false)
        };
        if items.is_empty() {
            return Ok(());
        }
        if created {
            self.freeze(&mut [])?;
        }
        let scope = self.scope();
        let mut rows = std::mem::take(&mut self.rows);
        let result = self.set_rows(items, &scope, &mut rows);
        self.rows = rows;
        result
    }
}

/// A pattern that is to be found or made must not ask for what is null.
fn refuse_nulls(p: &PathPattern, planner: &mut Planner<'_>, scope: &Scope, work: &Work<'_>) -> Result<(), Fail> {
    let maps = p.nodes().map(|n| &n.properties).chain(p.relationships().map(|r| &r.properties));
    let maps: Vec<&ast::Expr> = maps.flatten().map(|e| &**e).collect();
    for e in maps {
        let ExprKind::Map(entries) = &e.kind else { continue };
        for (key, value) in entries {
            let value = planner.expr(value, scope)?;
            let mut row = work.rows.first().cloned().unwrap_or_default();
            row.resize(planner.slot_count(), Value::Null);
            let cx = Context::new(&work.graph, work.params, work.options, work.started);
            if value.eval(&mut row, &cx)?.is_null() {
                let message = format!("MERGE cannot look for `{}`, which is null", key.text);
                return fail(ErrorType::SemanticError, Detail::MergeReadOwnWrites, message);
            }
        }
    }
    Ok(())
}

/// What of a value is to be deleted.
fn doomed(v: &Value, nodes: &mut Vec<NodeId>, edges: &mut Vec<EdgeId>) -> Result<(), Fail> {
    match v {
        Value::Null => {}
        Value::Node(n) => nodes.push(*n),
        Value::Edge(e) => edges.push(*e),
        Value::Path(p) => {
            nodes.extend(&p.nodes);
            edges.extend(&p.edges);
        }
        other => {
            let message = format!("DELETE takes nodes, relationships and paths, not {}", other.type_name());
            return fail(ErrorType::TypeError, Detail::InvalidArgumentType, message);
        }
    }
    Ok(())
}

fn plan_path(p: &PathPattern, planner: &mut Planner<'_>, scope: &mut Scope, makes: &mut Vec<Make>) -> Result<(), Fail> {
    let mut start = plan_node(&p.start, planner, scope, makes)?;
    let first = start;
    let mut parts = Vec::new();
    for step in &p.steps {
        let to = plan_node(&step.node, planner, scope, makes)?;
        match &step.link {
            Link::Relationship(r) => parts.push(plan_edge(r, start, to, planner, scope, makes)?),
            Link::Group(g) => return planner.unsupported("a repeated group in CREATE", g.span),
        }
        start = to;
    }
    if let Some(name) = &p.variable {
        let slot = planner.slot();
        makes.push(Make::Path { slot, start: first, parts });
        scope.bind(name.text.clone(), Binding::Slot(slot));
    }
    Ok(())
}

fn map_of(e: &Option<Box<ast::Expr>>, planner: &mut Planner<'_>, scope: &Scope) -> Result<Option<Expr>, Fail> {
    e.as_ref().map(|e| planner.expr(e, scope)).transpose()
}

fn plan_node(
    n: &NodePattern,
    planner: &mut Planner<'_>,
    scope: &mut Scope,
    makes: &mut Vec<Make>,
) -> Result<Slot, Fail> {
    if let Some(v) = &n.variable
        && let Some(Binding::Slot(s)) = scope.get(&v.text)
    {
        return Ok(*s);
    }
    let labels = n.labels.iter().flat_map(|l| l.names()).map(|l| l.text.to_string()).collect();
    let properties = map_of(&n.properties, planner, scope)?;
    let slot = planner.slot();
    if let Some(v) = &n.variable {
        scope.bind(v.text.clone(), Binding::Slot(slot));
    }
    makes.push(Make::Node { slot, labels, properties });
    Ok(slot)
}

fn plan_edge(
    r: &RelationshipPattern,
    from: Slot,
    to: Slot,
    planner: &mut Planner<'_>,
    scope: &mut Scope,
    makes: &mut Vec<Make>,
) -> Result<Slot, Fail> {
    let names = r.types.as_ref().map(|t| t.names()).unwrap_or_default();
    let [relation] = names.as_slice() else {
        return planner.unsupported("a relationship without exactly one type", r.span);
    };
    let properties = map_of(&r.properties, planner, scope)?;
    let slot = planner.slot();
    if let Some(v) = &r.variable {
        scope.bind(v.text.clone(), Binding::Slot(slot));
    }
    let (from, to) = if r.direction == Arrow::Left { (to, from) } else { (from, to) };
    makes.push(Make::Edge { slot, from, relation: relation.text.to_string(), to, properties });
    Ok(slot)
}

/// The entries of a map that can be stored.
fn properties(e: &Option<Expr>, row: &mut [Value], cx: &Context<'_>) -> Result<Map, Fail> {
    match e.as_ref().map(|e| e.eval(row, cx)).transpose()? {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Map(m)) => Ok((*m).clone()),
        Some(Value::Node(n)) => store::node_properties(n, cx),
        Some(Value::Edge(e)) => store::edge_properties(e, cx),
        Some(other) => fail(
            ErrorType::TypeError,
            Detail::InvalidArgumentType,
            format!("properties are a map, not {}", other.type_name()),
        ),
    }
}

fn storable(key: &str, v: &Value) -> Result<crate::graph::Property, Fail> {
    store::stored(v).map_or_else(
        || {
            let message = format!("`{key}` cannot hold {}", v.type_name());
            fail(ErrorType::TypeError, Detail::InvalidPropertyType, message)
        },
        Ok,
    )
}

fn make(makes: &[Make], row: &mut [Value], builder: &mut Builder, cx: &Context<'_>) -> Result<(), Fail> {
    let stored = |m: &Map| -> Result<Vec<(String, crate::graph::Property)>, Fail> {
        m.iter().map(|(k, v)| Ok((k.to_string(), storable(k, v)?))).collect()
    };
    for item in makes {
        match item {
            Make::Node { slot, labels, properties: p } => {
                let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
                let p = properties(p, row, cx)?;
                let n = builder.add_node(&labels, stored(&p)?).map_err(failed)?;
                row[*slot] = Value::Node(n);
                // Later patterns of the clause may ask for them.
                if let Some(overlay) = &cx.overlay {
                    overlay.borrow_mut().nodes.insert(n.0, p);
                }
            }
            Make::Edge { slot, from, relation, to, properties: p } => {
                let (Value::Node(from), Value::Node(to)) = (&row[*from], &row[*to]) else {
                    let message = "a relationship needs a node at both ends, and one is null";
                    return fail(ErrorType::SemanticError, Detail::InvalidArgumentValue, message);
                };
                let (from, to) = (*from, *to);
                let p = properties(p, row, cx)?;
                let e = builder.add_edge(from, relation, to, stored(&p)?).map_err(failed)?;
                row[*slot] = Value::Edge(e);
                if let Some(overlay) = &cx.overlay {
                    overlay.borrow_mut().edges.insert(e.0, p);
                }
            }
            Make::Path { slot, start, parts } => {
                // Read from the builder: the graph does not have what is new.
                let Value::Node(mut at) = row[*start] else { continue };
                let mut p = Path { nodes: vec![at], edges: Vec::new() };
                for part in parts {
                    let Value::Edge(e) = row[*part] else { continue };
                    if let Some((from, _, to)) = builder.edge(e) {
                        at = if from == at { to } else { from };
                    }
                    p.edges.push(e);
                    p.nodes.push(at);
                }
                row[*slot] = Value::Path(Arc::new(p));
            }
        }
    }
    Ok(())
}

/// An assignment.
enum Set {
    Property(Expr, Arc<str>, Expr),
    /// Whether all other properties go.
    Map(Expr, Expr, bool),
    /// Whether labels are added, or removed.
    Labels(Expr, Vec<Arc<str>>, bool),
}

/// What a property can be set on.
enum Thing {
    Node(NodeId),
    Edge(EdgeId),
}

fn thing(v: &Value) -> Result<Option<Thing>, Fail> {
    match v {
        Value::Null => Ok(None),
        Value::Node(n) => Ok(Some(Thing::Node(store::node(*n)?))),
        Value::Edge(e) => Ok(Some(Thing::Edge(store::edge(*e)?))),
        other => {
            let message = format!("properties are set on nodes and relationships, not on {}", other.type_name());
            fail(ErrorType::TypeError, Detail::InvalidArgumentType, message)
        }
    }
}

impl Set {
    fn apply(&self, row: &mut [Value], builder: &mut Builder, cx: &Context<'_>) -> Result<(), Fail> {
        match self {
            Set::Property(target, key, value) => {
                let Some(thing) = thing(&target.eval(row, cx)?)? else { return Ok(()) };
                let value = value.eval(row, cx)?;
                assign(&thing, key, value, builder, cx)
            }
            Set::Map(target, value, replace) => {
                let Some(thing) = thing(&target.eval(row, cx)?)? else { return Ok(()) };
                let new = properties(&Some(value.clone()), row, cx)?;
                if *replace {
                    let old = match &thing {
                        Thing::Node(n) => store::node_properties(*n, cx)?,
                        Thing::Edge(e) => store::edge_properties(*e, cx)?,
                    };
                    for key in old.keys().filter(|k| !new.contains_key(&**k)) {
                        assign(&thing, key, Value::Null, builder, cx)?;
                    }
                }
                new.into_iter().try_for_each(|(key, value)| assign(&thing, &key, value, builder, cx))
            }
            Set::Labels(target, labels, add) => {
                let n = match thing(&target.eval(row, cx)?)? {
                    None => return Ok(()),
                    Some(Thing::Node(n)) => n,
                    Some(Thing::Edge(_)) => {
                        let message = "labels are set on nodes, not on relationships";
                        return fail(ErrorType::TypeError, Detail::InvalidArgumentType, message);
                    }
                };
                for label in labels {
                    let changed = if *add { builder.add_label(n, label) } else { builder.remove_label(n, label) };
                    changed.map_err(failed)?;
                }
                Ok(())
            }
        }
    }
}

/// Sets a property, in the builder and where later items of the clause look.
fn assign(thing: &Thing, key: &Arc<str>, value: Value, builder: &mut Builder, cx: &Context<'_>) -> Result<(), Fail> {
    let stored = storable(key, &value)?;
    let all = match thing {
        Thing::Node(n) => {
            builder.set_node_property(*n, key, stored).map_err(failed)?;
            store::node_properties(*n, cx)?
        }
        Thing::Edge(e) => {
            builder.set_edge_property(*e, key, stored).map_err(failed)?;
            store::edge_properties(*e, cx)?
        }
    };
    if let Some(overlay) = &cx.overlay {
        let mut overlay = overlay.borrow_mut();
        let changed = match thing {
            Thing::Node(n) => overlay.nodes.entry(n.0).or_insert(all),
            Thing::Edge(e) => overlay.edges.entry(e.0).or_insert(all),
        };
        if value.is_null() {
            changed.shift_remove(&**key);
        } else {
            changed.insert(key.clone(), value);
        }
    }
    Ok(())
}
