//! From patterns to operators: what a MATCH asks for as a graph of its own (this file), and the order in which that
//! graph is walked ([`super::order`]).
//!
//! Two rules hold in a graph of documents only (a closed schema):
//!
//! - A symmetric relation matches either way round.
//! - Relationships of modality `negated` are passed over, unless the pattern's own map or condition, or the WHERE of
//!   its MATCH, asks for the `modality` of that relationship (of its variable; a condition on the elements of a list
//!   or path counts for all relationships of the MATCH).
//!
//! A structural relation (MENTIONS) is followed only where a pattern names it, or names the label `Document` at one of
//! the two ends.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::exprs::Binding;
use super::{Along, Keep, Op, Planner, Scope, Select, walk};
use crate::graph::{Direction, RelId};
use crate::query::ast::{
    self, Arrow, CompareOp, ExprKind, Group, LabelExpr, Link, NodePattern, PathMode, PathPattern, RelationshipPattern,
    SelectorKind, Step,
};
use crate::query::expr::{Expr, LabelTest, Slot};
use crate::query::functions::Fail;

/// A node of a pattern.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) slot: Slot,
    /// What its labels must pass.
    pub(crate) tests: Vec<LabelTest>,
}

/// What a link of a pattern is.
#[derive(Debug, Clone)]
pub(crate) enum LinkKind {
    /// One relationship.
    Single,
    /// A repeated one, with a condition on each.
    Repeated { min: u32, max: Option<u32>, each: Option<(Slot, Expr)> },
    /// A repeated group.
    Group(Box<GroupLink>),
    /// Shortest paths over a repeated relationship.
    Shortest { min: u32, max: Option<u32>, each: Option<(Slot, Expr)>, keep: Keep },
}

/// A repeated group, whose turn is planned once it is known from which end.
#[derive(Debug, Clone)]
pub(crate) struct GroupLink {
    pub(crate) pattern: Pattern,
    pub(crate) start: Slot,
    pub(crate) end: Slot,
    pub(crate) turn_edges: Vec<Slot>,
    pub(crate) lists: Vec<(Slot, Slot)>,
    pub(crate) min: u32,
    pub(crate) max: Option<u32>,
}

/// A link of a pattern between two of its nodes.
#[derive(Debug, Clone)]
pub(crate) struct Between {
    /// The relationship or the list of them.
    pub(crate) slot: Slot,
    /// Index of the node where it starts in the text.
    pub(crate) from: usize,
    /// Index of the node where it ends in the text.
    pub(crate) to: usize,
    pub(crate) along: Along,
    pub(crate) kind: LinkKind,
    pub(crate) mode: PathMode,
    /// Whether its relationships differ from all others of the MATCH.
    pub(crate) unique: bool,
}

/// A condition and the slots that it reads.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) expr: Expr,
    pub(crate) needs: BTreeSet<Slot>,
    /// `slot.name = value`: a way to find the node.
    pub(crate) seek: Option<(Slot, super::Seek)>,
}

/// What a MATCH asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pattern {
    pub(crate) nodes: Vec<Node>,
    pub(crate) links: Vec<Between>,
    pub(crate) conditions: Vec<Condition>,
    /// Patterns under a selector, planned apart, and the slots from which they start.
    pub(crate) selected: Vec<(Select, BTreeSet<Slot>)>,
    /// Slots that are bound before.
    pub(crate) bound: BTreeSet<Slot>,
}

/// What is asked of `modality` in a MATCH.
#[derive(Default)]
struct Asked {
    /// Of anything that is not a plain variable.
    any: bool,
    names: Vec<Arc<str>>,
}

impl Asked {
    fn of(&mut self, e: &ast::Expr, pattern_names: &dyn Fn(&str) -> bool) {
        for name in walk::asks_property(e, "modality") {
            match name {
                Some(name) if pattern_names(&name) => self.names.push(name),
                _ => self.any = true,
            }
        }
    }
}

impl Planner<'_> {
    /// Plans the patterns of a MATCH after an operator: the new operator and the scope with the new variables.
    pub(crate) fn patterns(
        &mut self,
        input: Op,
        scope: &Scope,
        patterns: &[PathPattern],
        filter: Option<&ast::Expr>,
    ) -> Result<(Op, Scope), Fail> {
        let mut inner = scope.clone();
        let mut pattern = Pattern::default();
        let mut asked = Asked::default();
        if self.closed
            && let Some(filter) = filter
        {
            let names: Vec<&str> = patterns
                .iter()
                .flat_map(|p| p.relationships())
                .filter_map(|r| r.variable.as_ref().map(|v| &*v.text))
                .collect();
            asked.of(filter, &|name| names.contains(&name));
        }
        for p in patterns {
            self.path(p, &mut inner, &mut pattern, &asked)?;
        }
        if let Some(filter) = filter {
            self.conditions(filter, &inner, &mut pattern)?;
        }
        let op = self.order(input, pattern)?;
        Ok((op, inner))
    }

    /// The conjuncts of a condition.
    fn conditions(&mut self, filter: &ast::Expr, scope: &Scope, pattern: &mut Pattern) -> Result<(), Fail> {
        match &filter.kind {
            ExprKind::Logical(ast::LogicalOp::And, items) => {
                items.iter().try_for_each(|item| self.conditions(item, scope, pattern))
            }
            // A label asked for in WHERE is as good as one in the pattern.
            ExprKind::HasLabels(of, labels)
                if !self.naive
                    && let ExprKind::Variable(name) = &of.kind
                    && let Some(Binding::Slot(slot)) = scope.get(&name.text)
                    && let Some(at) = pattern.nodes.iter().position(|n| n.slot == *slot) =>
            {
                let test = self.label_test(labels);
                let slot = *slot;
                if pattern.bound.contains(&slot) {
                    return self.condition(filter, scope, pattern);
                }
                pattern.nodes[at].tests.push(test);
                self.record(slot);
                Ok(())
            }
            _ => self.condition(filter, scope, pattern),
        }
    }

    fn condition(&mut self, e: &ast::Expr, scope: &Scope, pattern: &mut Pattern) -> Result<(), Fail> {
        let (expr, needs) = self.recorded(e, scope)?;
        let seek = super::order::seek(&expr);
        pattern.conditions.push(Condition { expr, needs, seek });
        Ok(())
    }

    /// Adds a path pattern.
    fn path(&mut self, p: &PathPattern, scope: &mut Scope, pattern: &mut Pattern, asked: &Asked) -> Result<(), Fail> {
        let keep = match p.selector.map(|s| s.kind) {
            None | Some(SelectorKind::All) => None,
            Some(SelectorKind::Any(k) | SelectorKind::Shortest(k)) => Some(Keep::Shortest(k)),
            Some(SelectorKind::AllShortest) => Some(Keep::Groups(1)),
            Some(SelectorKind::ShortestGroups(k)) => Some(Keep::Groups(k)),
        };
        let mode = p.mode.unwrap_or(PathMode::Trail);
        let (start, parts) = match keep {
            None => self.plain_path(p, mode, scope, pattern, asked)?,
            Some(keep) => match self.shortest_step(p, mode, keep, scope, pattern, asked)? {
                Some(done) => done,
                None => self.selected_path(p, mode, keep, scope, pattern, asked)?,
            },
        };
        if let Some(name) = &p.variable {
            scope.bind(name.text.clone(), Binding::Path(start, parts));
        }
        Ok(())
    }

    /// A path pattern whose matches are all asked for.
    fn plain_path(
        &mut self,
        p: &PathPattern,
        mode: PathMode,
        scope: &mut Scope,
        pattern: &mut Pattern,
        asked: &Asked,
    ) -> Result<(Slot, Vec<Slot>), Fail> {
        let start = self.node(&p.start, scope, pattern)?;
        let start_slot = pattern.nodes[start].slot;
        let parts = self.steps(start, &p.start, &p.steps, mode, scope, pattern, asked)?;
        if let Some(filter) = &p.filter {
            // The condition may name the path itself.
            let mut inner = scope.clone();
            if let Some(name) = &p.variable {
                inner.bind(name.text.clone(), Binding::Path(start_slot, parts.clone()));
            }
            self.conditions(filter, &inner, pattern)?;
        }
        if matches!(mode, PathMode::Acyclic | PathMode::Simple) && !parts.is_empty() {
            let needs = std::iter::once(start_slot).chain(parts.iter().copied()).collect();
            let expr = Expr::KeepsMode(mode, start_slot, parts.clone());
            pattern.conditions.push(Condition { expr, needs, seek: None });
        }
        Ok((start_slot, parts))
    }

    /// The links and nodes after a node; the slots of the links.
    #[allow(clippy::too_many_arguments, reason = "one recursion over a pattern and what it fills")]
    fn steps(
        &mut self,
        start: usize,
        first: &NodePattern,
        steps: &[Step],
        mode: PathMode,
        scope: &mut Scope,
        pattern: &mut Pattern,
        asked: &Asked,
    ) -> Result<Vec<Slot>, Fail> {
        let mut parts = Vec::with_capacity(steps.len());
        let (mut from, mut before) = (start, first);
        for step in steps {
            let to = self.node(&step.node, scope, pattern)?;
            let slot = match &step.link {
                Link::Relationship(r) => {
                    let documents = names_document(before) || names_document(&step.node);
                    self.relationship(r, from, to, mode, documents, scope, pattern, asked)?
                }
                Link::Group(group) => self.group(group, from, to, mode, scope, pattern)?,
            };
            parts.push(slot);
            (from, before) = (to, &step.node);
        }
        Ok(parts)
    }

    /// Adds a node, or finds it where the pattern or the clauses before have it.
    fn node(&mut self, n: &NodePattern, scope: &mut Scope, pattern: &mut Pattern) -> Result<usize, Fail> {
        let known = n.variable.as_ref().and_then(|v| scope.get(&v.text).cloned());
        let slot = match known {
            Some(Binding::Slot(slot)) => {
                self.record(slot);
                slot
            }
            _ => {
                let slot = self.slot();
                if let Some(v) = &n.variable {
                    scope.bind(v.text.clone(), Binding::Slot(slot));
                }
                pattern.nodes.push(Node { slot, tests: Vec::new() });
                slot
            }
        };
        let at = match pattern.nodes.iter().position(|x| x.slot == slot) {
            Some(at) => at,
            None => {
                pattern.bound.insert(slot);
                pattern.nodes.push(Node { slot, tests: Vec::new() });
                pattern.nodes.len() - 1
            }
        };
        if let Some(labels) = &n.labels {
            let test = self.label_test(labels);
            if pattern.bound.contains(&slot) {
                let expr = Expr::Labels(Expr::Slot(slot).boxed(), Box::new(test), Box::new(LabelTest::Never));
                pattern.conditions.push(Condition { expr, needs: BTreeSet::from([slot]), seek: None });
            } else {
                pattern.nodes[at].tests.push(test);
            }
        }
        if let Some(properties) = &n.properties {
            self.properties(slot, properties, scope, pattern)?;
        }
        if let Some(filter) = &n.filter {
            self.conditions(filter, scope, pattern)?;
        }
        Ok(at)
    }

    /// The map of a node or relationship as conditions.
    fn properties(&mut self, slot: Slot, e: &ast::Expr, scope: &Scope, pattern: &mut Pattern) -> Result<(), Fail> {
        let ExprKind::Map(entries) = &e.kind else {
            let (wanted, mut needs) = self.recorded(e, scope)?;
            needs.insert(slot);
            let expr = Expr::HasProperties(Expr::Slot(slot).boxed(), wanted.boxed());
            pattern.conditions.push(Condition { expr, needs, seek: None });
            return Ok(());
        };
        for (key, value) in entries {
            let (value, mut needs) = self.recorded(value, scope)?;
            needs.insert(slot);
            let property = Expr::Property(Expr::Slot(slot).boxed(), self.key(&key.text));
            let expr = Expr::Compare(CompareOp::Equal, property.boxed(), value.boxed());
            let seek = super::order::seek(&expr);
            pattern.conditions.push(Condition { expr, needs, seek });
        }
        Ok(())
    }

    /// Which relationships a pattern follows.
    fn along(&self, r: &RelationshipPattern, documents: bool, asked: &Asked) -> Along {
        let all = || self.graph.relations();
        let direction = match r.direction {
            Arrow::Right => Direction::Out,
            Arrow::Left => Direction::In,
            Arrow::Either => Direction::Both,
        };
        let types: Option<Vec<RelId>> = match &r.types {
            None if documents && self.closed => Some(all().collect()),
            None | Some(LabelExpr::Any(_)) => None,
            Some(e) => {
                let test = self.type_test(e);
                // Only a name reaches a structural relation: `!A` and `%` do not.
                let named: Vec<&str> = e.names().into_iter().map(|n| &*n.text).collect();
                let passes = |t: &RelId| {
                    test.passes(&|x| x == t.0, true)
                        && (!self.graph.is_structural(*t) || named.contains(&self.graph.relation_name(*t)))
                };
                Some(all().filter(passes).collect())
            }
        };
        let symmetric = match direction {
            Direction::Both => Vec::new(),
            _ if !self.closed => Vec::new(),
            _ => {
                let followed = |t: &RelId| match &types {
                    Some(types) => types.contains(t),
                    None => !self.graph.is_structural(*t),
                };
                all().filter(|t| self.graph.is_symmetric(*t) && followed(t)).collect()
            }
        };
        let own =
            |e: &Option<Box<ast::Expr>>| e.as_ref().is_some_and(|e| !walk::asks_property(e, "modality").is_empty());
        let asks = asked.any
            || own(&r.properties)
            || own(&r.filter)
            || r.variable.as_ref().is_some_and(|v| asked.names.contains(&v.text));
        let skip_negated = self.closed && !asks && self.graph.key_id("modality").is_some();
        Along { direction, types, symmetric, skip_negated }
    }

    #[allow(clippy::too_many_arguments, reason = "one recursion over a pattern and what it fills")]
    fn relationship(
        &mut self,
        r: &RelationshipPattern,
        from: usize,
        to: usize,
        mode: PathMode,
        documents: bool,
        scope: &mut Scope,
        pattern: &mut Pattern,
        asked: &Asked,
    ) -> Result<Slot, Fail> {
        let along = self.along(r, documents, asked);
        let known = r.variable.as_ref().and_then(|v| scope.get(&v.text).cloned());
        let slot = match known {
            Some(Binding::Slot(slot)) => {
                self.record(slot);
                pattern.bound.insert(slot);
                slot
            }
            _ => self.slot(),
        };
        let unique = mode != PathMode::Walk;
        let Some(q) = r.quantifier else {
            if let Some(v) = &r.variable {
                scope.bind(v.text.clone(), Binding::Slot(slot));
            }
            pattern.links.push(Between { slot, from, to, along, kind: LinkKind::Single, mode, unique });
            if let Some(properties) = &r.properties {
                self.properties(slot, properties, scope, pattern)?;
            }
            if let Some(filter) = &r.filter {
                self.conditions(filter, scope, pattern)?;
            }
            return Ok(slot);
        };
        let each = self.each(r, scope)?;
        if let Some(v) = &r.variable {
            scope.bind(v.text.clone(), Binding::Slot(slot));
        }
        let kind = LinkKind::Repeated { min: q.min, max: q.max, each };
        pattern.links.push(Between { slot, from, to, along, kind, mode, unique });
        Ok(slot)
    }

    /// The condition on each relationship of a repeated one.
    fn each(&mut self, r: &RelationshipPattern, scope: &Scope) -> Result<Option<(Slot, Expr)>, Fail> {
        if r.properties.is_none() && r.filter.is_none() {
            return Ok(None);
        }
        let element = self.slot();
        let mut inner = scope.clone();
        if let Some(v) = &r.variable {
            inner.bind(v.text.clone(), Binding::Slot(element));
        }
        let mut own = Pattern::default();
        if let Some(properties) = &r.properties {
            self.properties(element, properties, scope, &mut own)?;
        }
        if let Some(filter) = &r.filter {
            self.conditions(filter, &inner, &mut own)?;
        }
        let mut all: Vec<Expr> = own.conditions.into_iter().map(|c| c.expr).collect();
        let condition = match all.len() {
            1 => all.remove(0),
            _ => Expr::Logical(ast::LogicalOp::And, all),
        };
        Ok(Some((element, condition)))
    }

    /// A repeated group.
    fn group(
        &mut self,
        group: &Group,
        from: usize,
        to: usize,
        mode: PathMode,
        scope: &mut Scope,
        pattern: &mut Pattern,
    ) -> Result<Slot, Fail> {
        // Inside, the group's variables are single; a name that is known outside is the one outside.
        let mut inner = scope.clone();
        let mut turn = Pattern::default();
        let mut asked = Asked::default();
        if self.closed
            && let Some(filter) = &group.filter
        {
            asked.of(filter, &|_| true);
        }
        let first = self.slot_count();
        let start = self.node(&group.start, &mut inner, &mut turn)?;
        let turn_edges = self.steps(start, &group.start, &group.steps, mode, &mut inner, &mut turn, &asked)?;
        let end = turn.nodes.iter().map(|n| n.slot).collect::<Vec<_>>();
        let last = group.steps.last().map_or(&group.start, |s| &s.node);
        let (start, end) = (turn.nodes[start].slot, self.last_node(last, &inner, &end));
        if let Some(filter) = &group.filter {
            self.conditions(filter, &inner, &mut turn)?;
        }
        let mut lists = Vec::new();
        let names: Vec<(Arc<str>, Binding)> = inner.names().map(|(n, b)| (n.clone(), b.clone())).collect();
        for (name, binding) in names {
            if let Binding::Slot(s) = binding
                && s >= first
                && scope.get(&name).is_none()
            {
                let list = self.slot();
                lists.push((s, list));
                scope.bind(name, Binding::Slot(list));
            }
        }
        let slot = self.slot();
        let (min, max) = (group.quantifier.min, group.quantifier.max);
        let link = GroupLink { pattern: turn, start, end, turn_edges, lists, min, max };
        let along = Along { direction: Direction::Out, types: None, symmetric: Vec::new(), skip_negated: false };
        let kind = LinkKind::Group(Box::new(link));
        pattern.links.push(Between { slot, from, to, along, kind, mode, unique: mode != PathMode::Walk });
        Ok(slot)
    }

    /// The slot of the last node of a turn.
    fn last_node(&self, last: &NodePattern, scope: &Scope, slots: &[Slot]) -> Slot {
        let named = last.variable.as_ref().and_then(|v| scope.get(&v.text));
        match named {
            Some(Binding::Slot(s)) => *s,
            _ => slots.last().copied().unwrap_or_default(),
        }
    }

    /// A selector over a single repeated relationship between two nodes: searched by breadth. `None` where the pattern
    /// asks for more.
    fn shortest_step(
        &mut self,
        p: &PathPattern,
        mode: PathMode,
        keep: Keep,
        scope: &mut Scope,
        pattern: &mut Pattern,
        asked: &Asked,
    ) -> Result<Option<(Slot, Vec<Slot>)>, Fail> {
        let [Step { link: Link::Relationship(r), node }] = p.steps.as_slice() else { return Ok(None) };
        // By breadth only least lengths are found, from 0 or 1 on; and a shortest path repeats nothing.
        let fits = p.filter.is_none() && matches!(keep, Keep::Groups(1) | Keep::Shortest(1));
        let (min, max) = r.quantifier.map_or((1, Some(1)), |q| (q.min, q.max));
        let simple = matches!(mode, PathMode::Trail | PathMode::Walk);
        if !fits || min > 1 || !simple || self.naive {
            return Ok(None);
        }
        if r.variable.as_ref().is_some_and(|v| scope.get(&v.text).is_some()) {
            return Ok(None);
        }
        // With a minimum of 1, a path from a node back to itself is no simple path: left to the general way.
        let same_end = match (&p.start.variable, &node.variable) {
            (Some(a), Some(b)) => a.text == b.text,
            _ => false,
        };
        if same_end || r.quantifier.is_none() {
            return Ok(None);
        }
        let from = self.node(&p.start, scope, pattern)?;
        let to = self.node(node, scope, pattern)?;
        let documents = names_document(&p.start) || names_document(node);
        let along = self.along(r, documents, asked);
        let each = self.each(r, scope)?;
        let slot = self.slot();
        if let Some(v) = &r.variable {
            scope.bind(v.text.clone(), Binding::Slot(slot));
        }
        let kind = LinkKind::Shortest { min, max, each, keep };
        pattern.links.push(Between { slot, from, to, along, kind, mode, unique: false });
        Ok(Some((pattern.nodes[from].slot, vec![slot])))
    }

    /// Any other pattern under a selector: all its matches are found, then chosen from.
    fn selected_path(
        &mut self,
        p: &PathPattern,
        mode: PathMode,
        keep: Keep,
        scope: &mut Scope,
        pattern: &mut Pattern,
        asked: &Asked,
    ) -> Result<(Slot, Vec<Slot>), Fail> {
        // Nodes at the ends that the rest of the MATCH names are bound by it first.
        let first_slot = self.slot_count();
        let mut own = Pattern::default();
        let names_before: Vec<Slot> = pattern.nodes.iter().map(|n| n.slot).collect();
        let (start, parts) = self.plain_path(p, mode, scope, &mut own, asked)?;
        let last = p.steps.last().map_or(&p.start, |s| &s.node);
        let slots: Vec<Slot> = own.nodes.iter().map(|n| n.slot).collect();
        let end = self.last_node(last, scope, &slots);
        let argument = self.argument();
        // What the rest of the MATCH binds is bound when this is run.
        own.bound.extend(names_before.iter().filter(|s| slots.contains(s)));
        let filled = (first_slot..self.slot_count()).collect();
        let needs: BTreeSet<Slot> = own.bound.clone();
        let plan = self.order(argument, own)?;
        let select = Select { plan: Box::new(plan), filled, ends: (start, end), edges: parts.clone(), keep };
        pattern.selected.push((select, needs));
        Ok((start, parts))
    }
}

fn names_document(n: &NodePattern) -> bool {
    n.labels.as_ref().is_some_and(|l| l.names().iter().any(|name| &*name.text == "Document"))
}
