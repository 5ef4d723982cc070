//! Patterns: paths, nodes, relationships, labels.

use super::super::ast::{
    Arrow, Expr, ExprKind, Group, LabelExpr, Link, Name, NodePattern, PathMode, PathPattern, Quantifier,
    RelationshipPattern, Selector, SelectorKind, Span, Step,
};
use super::super::error::{Detail, ErrorType, QueryError};
use super::{Built, Pair, Rule, build, expression, literal, span, unexpected};

/// What a chain is made of, before it is a path.
enum Item {
    Node(NodePattern),
    Relationship(RelationshipPattern),
    Group(RawGroup),
}

/// A group that may still turn out to be mere parentheses around the whole path.
struct RawGroup {
    path: PathPattern,
    quantifier: Option<Quantifier>,
    span: Span,
}

/// A path pattern of a clause.
pub(super) fn path_pattern(pair: Pair<'_>, depth: usize) -> Built<PathPattern> {
    let place = span(&pair);
    let (mut variable, mut selector, mut mode, mut groups) = (None, None, None, None);
    let mut path = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::variable => variable = Some(literal::name(&part)?),
            Rule::selector => selector = Some(self::selector(part)?),
            Rule::path_mode => mode = path_mode(&part),
            Rule::GROUP | Rule::GROUPS => groups = Some(span(&part)),
            Rule::chain => path = Some(chain(part, depth)?),
            Rule::shortest => {
                if let Some(Selector { span, .. }) = selector {
                    let message = "the path has a selector before `shortestPath` already";
                    return Err(
                        QueryError::syntax(Detail::UnexpectedSyntax, message, span).help("leave one of them out")
                    );
                }
                path = Some(shortest(part, depth)?);
            }
            _ => {}
        }
    }
    let Some(mut path) = path else {
        return Err(QueryError::syntax(Detail::UnexpectedSyntax, "expected a pattern", place));
    };
    if let Some(groups) = groups {
        match selector.as_mut().map(|s| &mut s.kind) {
            Some(kind @ SelectorKind::Shortest(_)) => {
                if let SelectorKind::Shortest(k) = *kind {
                    *kind = SelectorKind::ShortestGroups(k);
                }
            }
            _ => {
                let message = "GROUPS belongs to `SHORTEST k GROUPS`";
                return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, groups));
            }
        }
    }
    path.variable = variable;
    path.selector = selector.or(path.selector);
    path.mode = mode.or(path.mode);
    path.span = place;
    Ok(path)
}

fn selector(pair: Pair<'_>) -> Built<Selector> {
    let place = span(&pair);
    let (mut all, mut any, mut shortest, mut count) = (false, false, false, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::ALL => all = true,
            Rule::ANY_ => any = true,
            Rule::SHORTEST => shortest = true,
            Rule::integer => count = Some((literal::small(&part)?, span(&part))),
            _ => {}
        }
    }
    if let Some((0, at)) = count {
        let message = "the number of paths must be at least 1";
        return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, at));
    }
    let count = count.map_or(1, |(k, _)| k);
    let kind = match (all, any, shortest) {
        (true, _, true) => SelectorKind::AllShortest,
        (true, _, false) => SelectorKind::All,
        (_, _, true) => SelectorKind::Shortest(count),
        _ => SelectorKind::Any(count),
    };
    Ok(Selector { kind, span: place })
}

fn path_mode(pair: &Pair<'_>) -> Option<PathMode> {
    pair.clone().into_inner().find_map(|word| match word.as_rule() {
        Rule::WALK => Some(PathMode::Walk),
        Rule::TRAIL => Some(PathMode::Trail),
        Rule::ACYCLIC => Some(PathMode::Acyclic),
        Rule::SIMPLE => Some(PathMode::Simple),
        _ => None,
    })
}

/// `shortestPath(…)`, `allShortestPaths(…)`: a path with the selector that they stand for.
pub(super) fn shortest(pair: Pair<'_>, depth: usize) -> Built<PathPattern> {
    let place = span(&pair);
    let mut kind = SelectorKind::Shortest(1);
    let mut at = place;
    let mut path = None;
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::SHORTEST_PATH => at = span(&part),
            Rule::ALL_SHORTEST_PATHS => (kind, at) = (SelectorKind::AllShortest, span(&part)),
            Rule::chain => path = Some(chain(part, depth)?),
            _ => {}
        }
    }
    match path {
        Some(path) if path.steps.len() == 1 && path.filter.is_none() => {
            Ok(PathPattern { selector: Some(Selector { kind, span: at }), span: place, ..path })
        }
        _ => {
            let message = "a shortest path goes from one node over one repeated relationship to another";
            Err(QueryError::syntax(Detail::UnexpectedSyntax, message, place)
                .help("write it like `shortestPath((a)-[*]-(b))`, or `ANY SHORTEST` before a longer pattern"))
        }
    }
}

/// A chain of nodes, relationships and groups, put into the form that [`PathPattern`] promises.
pub(super) fn chain(pair: Pair<'_>, depth: usize) -> Built<PathPattern> {
    let place = span(&pair);
    let depth = build::deeper(depth, 1, place)?;
    let mut items = Vec::new();
    for part in pair.into_inner() {
        items.push(match part.as_rule() {
            Rule::node => Item::Node(node(part, depth)?),
            Rule::relationship => Item::Relationship(relationship(part, depth)?),
            Rule::group => Item::Group(group(part, depth)?),
            _ => return Err(unexpected(&part)),
        });
    }
    let whole = matches!(items.as_slice(), [Item::Group(RawGroup { quantifier: None, .. })]);
    if let (true, Some(Item::Group(group))) = (whole, items.pop_if(|_| whole)) {
        return Ok(PathPattern { span: place, ..group.path });
    }
    assemble(items, place)
}

fn assemble(items: Vec<Item>, place: Span) -> Built<PathPattern> {
    let implied = |at: u32| NodePattern { implied: true, span: Span { start: at, end: at }, ..NodePattern::default() };
    let mut start = None::<NodePattern>;
    let mut steps = Vec::<Step>::new();
    let mut pending = None::<Link>;
    for item in items {
        match item {
            Item::Node(node) => match (pending.take(), &start) {
                (Some(link), _) => steps.push(Step { link, node }),
                (None, None) => start = Some(node),
                (None, Some(_)) => {
                    let message = "two nodes stand side by side without a relationship between them";
                    return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, node.span)
                        .help("write `-->` or `--` between them, or a comma to begin another pattern"));
                }
            },
            Item::Relationship(relationship) => {
                if let Some(link) = pending.take() {
                    steps.push(Step { link, node: implied(relationship.span.start) });
                }
                start.get_or_insert_with(|| implied(relationship.span.start));
                pending = Some(Link::Relationship(relationship));
            }
            Item::Group(group) => {
                if let Some(link) = pending.take() {
                    steps.push(Step { link, node: implied(group.span.start) });
                }
                start.get_or_insert_with(|| implied(group.span.start));
                pending = Some(Link::Group(Box::new(repeated(group)?)));
            }
        }
    }
    if let Some(link) = pending {
        steps.push(Step { link, node: implied(place.end) });
    }
    let start = start.unwrap_or_else(|| implied(place.start));
    Ok(PathPattern { variable: None, selector: None, mode: None, start, steps, filter: None, span: place })
}

/// A group inside a longer path: it must say how often, and hold something to repeat.
fn repeated(group: RawGroup) -> Built<Group> {
    let RawGroup { path, quantifier, span } = group;
    let Some(quantifier) = quantifier else {
        let message = "parentheses inside a path are a group to repeat, and this one does not say how often";
        return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, span)
            .help("write a number of turns after it, like `{1,4}`, `+` or `*`, or leave the parentheses out"));
    };
    if path.steps.is_empty() {
        let message = "a repeated group needs at least one relationship";
        return Err(QueryError::syntax(Detail::UnexpectedSyntax, message, span));
    }
    if let Some(inner) = path.steps.iter().find(|step| matches!(step.link, Link::Group(_))) {
        let message = "a repeated group may not hold another one";
        return Err(
            QueryError::compile(ErrorType::SyntaxError, Detail::NotSupported, message).at(inner.node.span.to(span))
        );
    }
    Ok(Group { start: path.start, steps: path.steps, filter: path.filter.map(|f| *f), quantifier, span })
}

fn group(pair: Pair<'_>, depth: usize) -> Built<RawGroup> {
    let place = span(&pair);
    let (mut mode, mut path, mut filter, mut count) = (None, None, None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::variable => {
                let message = "a path inside parentheses cannot have a variable of its own";
                return Err(QueryError::syntax(Detail::NotSupported, message, span(&part))
                    .help("name the whole path instead: `p = …` before it"));
            }
            Rule::path_mode => mode = path_mode(&part),
            Rule::chain => path = Some(chain(part, depth)?),
            Rule::where_part => filter = Some(Box::new(build::filter(part, depth)?)),
            Rule::quantifier => count = Some(quantifier(part)?),
            _ => {}
        }
    }
    let Some(mut path) = path else {
        return Err(QueryError::syntax(Detail::UnexpectedSyntax, "expected a pattern", place));
    };
    path.mode = mode.or(path.mode);
    path.filter = match (path.filter.take(), filter) {
        (Some(inner), Some(outer)) => {
            let both = inner.span.to(outer.span);
            let kind = ExprKind::Logical(super::super::ast::LogicalOp::And, vec![*inner, *outer]);
            Some(Box::new(Expr::new(kind, both)))
        }
        (inner, outer) => inner.or(outer),
    };
    Ok(RawGroup { path, quantifier: count, span: place })
}

fn quantifier(pair: Pair<'_>) -> Built<Quantifier> {
    let place = span(&pair);
    let (mut before, mut after, mut comma) = (None, None, false);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::STAR => return Ok(Quantifier { min: 0, max: None, span: place }),
            Rule::PLUS => return Ok(Quantifier { min: 1, max: None, span: place }),
            Rule::COMMA => comma = true,
            Rule::integer if comma => after = Some(literal::small(&part)?),
            Rule::integer => before = Some(literal::small(&part)?),
            _ => {}
        }
    }
    match (before, comma, after) {
        (Some(n), false, _) => Ok(Quantifier { min: n, max: Some(n), span: place }),
        (None, false, _) => {
            let message = "the braces after a relationship say how often it is repeated";
            Err(QueryError::syntax(Detail::InvalidRelationshipPattern, message, place)
                .help("write `{2}`, `{1,4}`, `{,4}` or `{1,}`"))
        }
        (min, true, max) => ordered(Quantifier { min: min.unwrap_or(0), max, span: place }),
    }
}

/// A repetition whose bounds are the wrong way round is legal in openCypher inside the brackets (and finds nothing), and
/// an error after the arrow.
fn ordered(quantifier: Quantifier) -> Built<Quantifier> {
    match quantifier.max {
        Some(max) if max < quantifier.min => {
            let message = format!("the repetition ends at {max} before it begins at {}", quantifier.min);
            Err(QueryError::syntax(Detail::InvalidRelationshipPattern, message, quantifier.span)
                .help("write the smaller number first"))
        }
        _ => Ok(quantifier),
    }
}

fn node(pair: Pair<'_>, depth: usize) -> Built<NodePattern> {
    let mut node = NodePattern { span: span(&pair), ..NodePattern::default() };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::variable => node.variable = Some(literal::name(&part)?),
            Rule::labels => node.labels = Some(labels(part)?),
            Rule::properties => node.properties = Some(properties(part, depth)?),
            Rule::where_part => node.filter = Some(Box::new(build::filter(part, depth)?)),
            _ => {}
        }
    }
    Ok(node)
}

fn relationship(pair: Pair<'_>, depth: usize) -> Built<RelationshipPattern> {
    let place = span(&pair);
    let (mut left, mut right) = (false, false);
    let mut out = RelationshipPattern {
        variable: None,
        direction: Arrow::Either,
        types: None,
        quantifier: None,
        properties: None,
        filter: None,
        span: place,
    };
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::LESS => left = true,
            Rule::GREATER => right = true,
            Rule::details => details(part, &mut out, depth)?,
            Rule::quantifier => {
                let outside = quantifier(part)?;
                if let Some(inside) = out.quantifier {
                    let message = "the relationship says twice how often it is repeated";
                    return Err(QueryError::syntax(
                        Detail::InvalidRelationshipPattern,
                        message,
                        inside.span.to(outside.span),
                    )
                    .help("keep one of them, inside the brackets or after the arrow"));
                }
                out.quantifier = Some(outside);
            }
            _ => {}
        }
    }
    out.direction = match (left, right) {
        (true, false) => Arrow::Left,
        (false, true) => Arrow::Right,
        _ => Arrow::Either,
    };
    Ok(out)
}

fn details(pair: Pair<'_>, out: &mut RelationshipPattern, depth: usize) -> Built<()> {
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::variable => out.variable = Some(literal::name(&part)?),
            Rule::labels => out.types = Some(labels(part)?),
            Rule::range => out.quantifier = Some(range(part)?),
            Rule::properties => out.properties = Some(properties(part, depth)?),
            Rule::where_part => out.filter = Some(Box::new(build::filter(part, depth)?)),
            _ => {}
        }
    }
    Ok(())
}

/// `*`, `*2`, `*1..4`, `*..4`, `*2..`; without the star, or below zero, it is an error of its own.
fn range(pair: Pair<'_>) -> Built<Quantifier> {
    let place = span(&pair);
    let (mut star, mut dots) = (false, false);
    let (mut min, mut max) = (None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Rule::STAR => star = true,
            Rule::DOTS => dots = true,
            Rule::range_bound if part.as_str().starts_with('-') => {
                let message = "the length of a path cannot be below zero";
                return Err(QueryError::syntax(Detail::InvalidRelationshipPattern, message, span(&part))
                    .help("turn the arrow round if the other direction is meant"));
            }
            Rule::range_bound if dots => max = Some(literal::small(&part)?),
            Rule::range_bound => min = Some(literal::small(&part)?),
            _ => {}
        }
    }
    if !star {
        let message = "a repeated relationship needs a `*` before its bounds";
        return Err(QueryError::syntax(Detail::InvalidRelationshipPattern, message, place).help("write `*1..4`"));
    }
    Ok(match (min, dots) {
        (Some(n), false) => Quantifier { min: n, max: Some(n), span: place },
        (min, _) => Quantifier { min: min.unwrap_or(1), max, span: place },
    })
}

fn properties(pair: Pair<'_>, depth: usize) -> Built<Box<Expr>> {
    match pair.clone().into_inner().next() {
        Some(inner) => Ok(Box::new(expression::primary(inner, false, depth)?)),
        None => Err(unexpected(&pair)),
    }
}

/// `:A|B`, `IS A`, `:A:B` …
pub(super) fn labels(pair: Pair<'_>) -> Built<LabelExpr> {
    match pair.clone().into_inner().find(|p| matches!(p.as_rule(), Rule::label_or | Rule::expression_labels)) {
        Some(inner) => label_or(inner),
        None => Err(unexpected(&pair)),
    }
}

fn label_or(pair: Pair<'_>) -> Built<LabelExpr> {
    gather(pair, Rule::label_and, label_and, LabelExpr::Or)
}

fn label_and(pair: Pair<'_>) -> Built<LabelExpr> {
    gather(pair, Rule::label_not, label_not, LabelExpr::And)
}

fn gather(
    pair: Pair<'_>,
    rule: Rule,
    each: fn(Pair<'_>) -> Built<LabelExpr>,
    join: fn(Vec<LabelExpr>) -> LabelExpr,
) -> Built<LabelExpr> {
    let whole = pair.clone();
    let mut parts = pair.into_inner().filter(|p| p.as_rule() == rule).map(each).collect::<Built<Vec<_>>>()?;
    match parts.len() {
        0 => Err(unexpected(&whole)),
        1 => Ok(parts.remove(0)),
        _ => Ok(join(parts)),
    }
}

fn label_not(pair: Pair<'_>) -> Built<LabelExpr> {
    let place = span(&pair);
    let whole = pair.clone();
    let mut negated = false;
    for part in pair.into_inner() {
        let inner = match part.as_rule() {
            // An even number of negations is none: the tree stays shallow however many are written.
            Rule::BANG => {
                negated = !negated;
                continue;
            }
            Rule::PERCENT => LabelExpr::Any(span(&part)),
            Rule::name => LabelExpr::Name(literal::name(&part)?),
            Rule::label_or => label_or(part)?,
            _ => continue,
        };
        return Ok(if negated { LabelExpr::Not(Box::new(inner), place) } else { inner });
    }
    Err(unexpected(&whole))
}

/// A plain conjunction of labels, as `SET` and `REMOVE` take them.
pub(super) fn plain_labels(labels: &LabelExpr) -> Built<Vec<Name>> {
    match labels.conjunction() {
        Some(names) => Ok(names.into_iter().cloned().collect()),
        None => {
            let message = "only plain labels can be set or removed";
            Err(QueryError::syntax(Detail::UnexpectedSyntax, message, labels.span()).help("write `:A:B`"))
        }
    }
}
