//! Patterns: what their variables are bound to, and what a pattern may hold where it stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::ast::{
    Arrow, Expr, ExprKind, Group, LabelExpr, Link, Name, NodePattern, PathMode, PathPattern, RelationshipPattern,
    SelectorKind, Step,
};
use super::super::error::{Detail, QueryError};
use super::expressions::Place;
use super::{Check, Checker, Kind};

/// What a pattern is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// To be matched: new variables are bound.
    Match,
    /// To be tested: it may have no new variables.
    Condition,
    /// To be created.
    Create,
    /// To be matched or created.
    Merge,
}

impl Use {
    fn writes(self) -> bool {
        matches!(self, Use::Create | Use::Merge)
    }

    fn keyword(self) -> &'static str {
        if self == Use::Merge { "MERGE" } else { "CREATE" }
    }
}

impl Checker<'_> {
    /// Binds the variables of some patterns that are matched together, then checks the expressions in them.
    pub(super) fn pattern_scope(&mut self, patterns: &[PathPattern], purpose: Use) -> Check<()> {
        let mut seen = BTreeSet::new();
        for pattern in patterns {
            self.bind_pattern(pattern, purpose, &mut seen)?;
            if purpose.writes() {
                // What is created later is not there yet.
                self.pattern_expressions(pattern)?;
            }
        }
        if !purpose.writes() {
            patterns.iter().try_for_each(|pattern| self.pattern_expressions(pattern))?;
        }
        Ok(())
    }

    fn bind_pattern(&mut self, pattern: &PathPattern, purpose: Use, seen: &mut BTreeSet<Arc<str>>) -> Check<()> {
        if purpose.writes() {
            only_plain_paths(pattern, purpose)?;
        }
        unbounded(pattern)?;
        let alone = pattern.steps.is_empty();
        // Before this pattern: what it binds itself may be repeated within it.
        let before = self.scope.clone();
        self.bind_node(&pattern.start, purpose, alone, &before)?;
        for step in &pattern.steps {
            match &step.link {
                Link::Relationship(relationship) => self.bind_relationship(relationship, purpose, seen)?,
                Link::Group(group) => self.bind_group(group, purpose)?,
            }
            self.bind_node(&step.node, purpose, false, &before)?;
        }
        let Some(name) = &pattern.variable else { return Ok(()) };
        if self.lookup(&name.text).is_some() {
            return Err(already_bound(name, "a path needs a name of its own"));
        }
        if purpose == Use::Condition {
            return Err(self.undefined(&name.text, name.span));
        }
        self.scope.insert(name.text.clone(), Kind::Path);
        Ok(())
    }

    fn bind_node(&mut self, node: &NodePattern, purpose: Use, alone: bool, before: &super::Scope) -> Check<()> {
        if let Some(labels) = &node.labels {
            if purpose.writes() {
                plain_labels(labels, purpose)?;
            } else {
                self.labels(labels)?;
            }
        }
        let Some(name) = &node.variable else { return Ok(()) };
        match self.lookup(&name.text).cloned() {
            None if purpose == Use::Condition => Err(self.undefined(&name.text, name.span)),
            None => {
                self.scope.insert(name.text.clone(), Kind::Node);
                Ok(())
            }
            Some(kind) if !kind.may_be_node() => Err(conflict(name, &kind, "a node")),
            Some(_) if purpose.writes() => {
                let adorned = node.labels.is_some() || node.properties.is_some();
                // A variable alone is bound already, whether before or by the pattern itself.
                if adorned || alone && before.contains_key(&name.text) {
                    let help = format!(
                        "{} makes what it describes: write just `({})` inside a longer pattern, or use another name",
                        purpose.keyword(),
                        name.text
                    );
                    return Err(already_bound(name, &help));
                }
                Ok(())
            }
            Some(_) => Ok(()),
        }
    }

    fn bind_relationship(
        &mut self,
        relationship: &RelationshipPattern,
        purpose: Use,
        seen: &mut BTreeSet<Arc<str>>,
    ) -> Check<()> {
        if let (Some(types), false) = (&relationship.types, purpose.writes()) {
            self.relations(types)?;
        }
        let Some(name) = &relationship.variable else { return creatable(relationship, purpose) };
        let repeated = relationship.quantifier.is_some();
        match self.lookup(&name.text).cloned() {
            None if purpose == Use::Condition => return Err(self.undefined(&name.text, name.span)),
            None => {}
            Some(_) if purpose.writes() => {
                let help = format!("{} makes a new relationship: give it another name", purpose.keyword());
                return Err(already_bound(name, &help));
            }
            Some(kind) if repeated => match &kind {
                kind if kind.may_be_list() && kind.element().may_be_relationship() => {}
                kind => return Err(conflict(name, kind, "a list of relationships")),
            },
            Some(kind) if !kind.may_be_relationship() => return Err(conflict(name, &kind, "a relationship")),
            Some(_) => {}
        }
        if !seen.insert(name.text.clone()) && purpose == Use::Match {
            let message = format!("`{}` stands twice in one MATCH, and a relationship is never used twice", name.text);
            return Err(QueryError::syntax(Detail::RelationshipUniquenessViolation, message, name.span)
                .help("give the second one another name, or put it into a MATCH of its own"));
        }
        creatable(relationship, purpose)?;
        let kind = if repeated { Kind::Relationship.list() } else { Kind::Relationship };
        // A list that is bound already stays what it is.
        if self.lookup(&name.text).is_none_or(|known| matches!(known, Kind::Any | Kind::Null)) {
            self.scope.insert(name.text.clone(), kind);
        }
        Ok(())
    }

    /// The variables of a group are lists outside it.
    fn bind_group(&mut self, group: &Group, purpose: Use) -> Check<()> {
        for (name, kind) in group_variables(group) {
            if purpose == Use::Condition {
                return Err(self.undefined(&name.text, name.span));
            }
            if self.lookup(&name.text).is_some() {
                return Err(already_bound(name, "the variables of a repeated group need names of their own"));
            }
            self.scope.insert(name.text.clone(), kind.list());
        }
        Ok(())
    }

    fn pattern_expressions(&mut self, pattern: &PathPattern) -> Check<()> {
        self.node_expressions(&pattern.start)?;
        self.step_expressions(&pattern.steps)?;
        match &pattern.filter {
            Some(filter) => self.condition(filter, Place::without("in a pattern")),
            None => Ok(()),
        }
    }

    fn step_expressions(&mut self, steps: &[Step]) -> Check<()> {
        for step in steps {
            match &step.link {
                Link::Relationship(relationship) => self.relationship_expressions(relationship)?,
                Link::Group(group) => {
                    let before = self.locals.len();
                    let singles = group_variables(group).into_iter().map(|(name, kind)| (name.text.clone(), kind));
                    self.locals.extend(singles);
                    let outcome = self.group_expressions(group);
                    self.locals.truncate(before);
                    outcome?;
                }
            }
            self.node_expressions(&step.node)?;
        }
        Ok(())
    }

    fn group_expressions(&mut self, group: &Group) -> Check<()> {
        let (nodes, links) = (std::iter::once(&group.start), group.steps.iter());
        for labels in nodes.chain(group.steps.iter().map(|s| &s.node)).filter_map(|node| node.labels.as_ref()) {
            self.labels(labels)?;
        }
        for step in links {
            if let Link::Relationship(RelationshipPattern { types: Some(types), .. }) = &step.link {
                self.relations(types)?;
            }
        }
        self.node_expressions(&group.start)?;
        self.step_expressions(&group.steps)?;
        match &group.filter {
            Some(filter) => self.condition(filter, Place::without("in a pattern")),
            None => Ok(()),
        }
    }

    fn node_expressions(&mut self, node: &NodePattern) -> Check<()> {
        self.properties(node.properties.as_deref())?;
        match &node.filter {
            Some(filter) => self.condition(filter, Place::without("in a pattern")),
            None => Ok(()),
        }
    }

    fn relationship_expressions(&mut self, relationship: &RelationshipPattern) -> Check<()> {
        let before = self.locals.len();
        if let (Some(name), Some(_)) = (&relationship.variable, relationship.quantifier) {
            self.locals.push((name.text.clone(), Kind::Relationship));
        }
        let mut outcome = self.properties(relationship.properties.as_deref());
        if let (Ok(()), Some(filter)) = (&outcome, &relationship.filter) {
            outcome = self.condition(filter, Place::without("in a pattern"));
        }
        self.locals.truncate(before);
        outcome
    }

    fn properties(&mut self, properties: Option<&Expr>) -> Check<()> {
        match properties.map(|p| (&p.kind, p)) {
            Some((ExprKind::Map(entries), _)) => {
                for (key, value) in entries {
                    self.property(key)?;
                    self.expr(value, Place::without("in a pattern"))?;
                }
                Ok(())
            }
            Some((_, other)) => self.expr(other, Place::without("in a pattern")).map(drop),
            None => Ok(()),
        }
    }
}

/// The variables of a group with what each is in one turn.
fn group_variables(group: &Group) -> Vec<(&Name, Kind)> {
    let mut out = group.start.variable.iter().map(|name| (name, Kind::Node)).collect::<Vec<_>>();
    for step in &group.steps {
        if let Link::Relationship(relationship) = &step.link {
            let kind = if relationship.quantifier.is_some() { Kind::Relationship.list() } else { Kind::Relationship };
            out.extend(relationship.variable.iter().map(|name| (name, kind.clone())));
        }
        out.extend(step.node.variable.iter().map(|name| (name, Kind::Node)));
    }
    out
}

fn already_bound(name: &Name, help: &str) -> QueryError {
    let message = format!("the variable `{}` is bound already", name.text);
    QueryError::syntax(Detail::VariableAlreadyBound, message, name.span).help(help)
}

fn conflict(name: &Name, kind: &Kind, wanted: &str) -> QueryError {
    let message = format!("`{}` is {kind} already and cannot be {wanted} here", name.text);
    QueryError::syntax(Detail::VariableTypeConflict, message, name.span).help("use another name")
}

/// A map given as a parameter can be created, but not matched: an index could not be chosen before it is known.
pub(super) fn no_parameter_maps(patterns: &[PathPattern], clause: &str) -> Check<()> {
    for pattern in patterns {
        let nodes = pattern.nodes().filter_map(|n| n.properties.as_deref());
        let relationships = pattern.relationships().filter_map(|r| r.properties.as_deref());
        for properties in nodes.chain(relationships) {
            if let ExprKind::Parameter(name) = &properties.kind {
                let message = format!("a parameter cannot be the whole map of properties in {clause}");
                return Err(QueryError::syntax(Detail::InvalidParameterUse, message, properties.span)
                    .help(format!("name the properties: `{{name: ${}.name}}`", name.text)));
            }
        }
    }
    Ok(())
}

/// `WALK` without an upper bound never ends.
fn unbounded(pattern: &PathPattern) -> Check<()> {
    if pattern.mode != Some(PathMode::Walk) {
        return Ok(());
    }
    let shortest = matches!(
        pattern.selector.map(|s| s.kind),
        Some(SelectorKind::Shortest(_) | SelectorKind::AllShortest | SelectorKind::ShortestGroups(_))
    );
    let quantifiers = pattern.steps.iter().filter_map(|step| match &step.link {
        Link::Relationship(relationship) => relationship.quantifier,
        Link::Group(group) => Some(group.quantifier),
    });
    match quantifiers.into_iter().find(|q| q.max.is_none()) {
        Some(open) if !shortest => {
            let message = "a walk may go round in circles for ever: it needs an upper bound";
            Err(QueryError::syntax(Detail::UnboundedWalk, message, open.span)
                .help("write `{1,6}` instead, or use TRAIL, which uses no relationship twice"))
        }
        _ => Ok(()),
    }
}

fn only_plain_paths(pattern: &PathPattern, purpose: Use) -> Check<()> {
    let selector = pattern.selector.map(|s| s.span);
    let filter = pattern.filter.as_ref().map(|f| f.span);
    let inline = pattern
        .nodes()
        .filter_map(|n| n.filter.as_ref())
        .chain(pattern.relationships().filter_map(|r| r.filter.as_ref()));
    let inline = inline.map(|f| f.span).next();
    let group = pattern.steps.iter().find_map(|step| match &step.link {
        Link::Group(group) => Some(group.span),
        Link::Relationship(_) => None,
    });
    match (group, selector.or(filter).or(inline)) {
        (Some(span), _) => {
            let message = format!("{} cannot make a repeated group", purpose.keyword());
            Err(QueryError::syntax(Detail::CreatingVarLength, message, span)
                .help("write the relationships out one by one"))
        }
        (None, Some(span)) => {
            let message = format!("{} makes exactly what it describes: it has no conditions", purpose.keyword());
            Err(QueryError::syntax(Detail::UnexpectedSyntax, message, span))
        }
        _ => Ok(()),
    }
}

fn plain_labels(labels: &LabelExpr, purpose: Use) -> Check<()> {
    if labels.conjunction().is_some() {
        return Ok(());
    }
    let message = format!("{} gives a node plain labels", purpose.keyword());
    Err(QueryError::syntax(Detail::UnexpectedSyntax, message, labels.span()).help("write `:A:B`"))
}

/// A relationship that is made needs one type, a direction (to be created), and cannot be repeated.
fn creatable(relationship: &RelationshipPattern, purpose: Use) -> Check<()> {
    if !purpose.writes() {
        return Ok(());
    }
    if let Some(quantifier) = relationship.quantifier {
        let message = format!("{} cannot make a repeated relationship", purpose.keyword());
        return Err(QueryError::syntax(Detail::CreatingVarLength, message, quantifier.span)
            .help("write the relationships out one by one"));
    }
    if !matches!(relationship.types, Some(LabelExpr::Name(_))) {
        let message = format!("{} needs exactly one type for each relationship", purpose.keyword());
        return Err(
            QueryError::syntax(Detail::NoSingleRelationshipType, message, relationship.span).help("write `-[:TYPE]->`")
        );
    }
    if purpose == Use::Create && relationship.direction == Arrow::Either {
        let message = "a relationship is created with a direction";
        return Err(QueryError::syntax(Detail::RequiresDirectedRelationship, message, relationship.span)
            .help("write `-[:TYPE]->`"));
    }
    Ok(())
}
