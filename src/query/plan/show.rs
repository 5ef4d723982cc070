//! Plans as text: EXPLAIN and PROFILE.

use super::{Keep, Op, OpKind, Seek};
use crate::graph::{Direction, Graph};
use crate::query::context::Measured;
use crate::query::expr::LabelTest;
use crate::query::plan::Along;

/// The operators of a plan, the last first, one a line, sub-plans indented; with what was measured, if anything was.
pub(crate) fn show(op: &Op, graph: &Graph, measured: Option<&[Measured]>) -> Vec<String> {
    let mut lines = Vec::new();
    op.walk(
        &mut |op, depth| {
            let (name, about) = describe(op, graph);
            let mut line = format!("{}{name}", "  ".repeat(depth));
            if !about.is_empty() {
                line.push_str(&format!(" {about}"));
            }
            line.push_str(&format!("  [about {} rows", rounded(op.estimate)));
            if let Some(m) = measured.and_then(|m| m.get(op.id)) {
                line.push_str(&format!(", {} rows, {:.3} ms", m.rows, m.time.as_secs_f64() * 1e3));
            }
            line.push(']');
            lines.push(line);
        },
        0,
    );
    lines
}

/// An estimate to two figures.
fn rounded(x: f64) -> String {
    if x < 10.0 {
        return format!("{x:.1}");
    }
    let scale = 10f64.powi(x.log10() as i32 - 1);
    format!("{}", ((x / scale).round() * scale) as u64)
}

fn describe(op: &Op, graph: &Graph) -> (&'static str, String) {
    match &op.kind {
        OpKind::Argument => ("Argument", String::new()),
        OpKind::Table(_) => ("Unit", String::new()),
        OpKind::NodeScan { label, test, .. } => {
            let label = label.map(|l| format!(":{}", graph.label_name(l))).unwrap_or_default();
            ("NodeScan", format!("({label}){}", tested(test, graph)))
        }
        OpKind::NodeSeek { seek, test, .. } => {
            let by = match seek {
                Seek::Name(_) => "name =",
                Seek::SameName(_) => "name ~",
                Seek::Prefix(_) => "name STARTS WITH",
                Seek::Contains(_) => "name CONTAINS",
                Seek::Node(_) => "node",
            };
            ("NodeSeek", format!("({by}){}", tested(test, graph)))
        }
        OpKind::Expand(e) => {
            (if e.into { "ExpandInto" } else { "Expand" }, arrow(&e.along, "", graph) + &tested(&e.test, graph))
        }
        OpKind::EdgeEnds(e, _) => ("EdgeEnds", arrow(&e.along, "", graph)),
        OpKind::ListEnds(e, _) => ("ListEnds", arrow(&e.along, "", graph)),
        OpKind::VarExpand(e) => {
            let name = match (e.ends_only, e.into) {
                (true, _) => "Reach",
                (false, true) => "VarExpandInto",
                (false, false) => "VarExpand",
            };
            (name, arrow(&e.along, &times(e.min, e.max), graph) + &tested(&e.test, graph))
        }
        OpKind::GroupExpand(e) => ("GroupExpand", times(e.min, e.max)),
        OpKind::Shortest(s) => {
            let along = arrow(&s.step.along, &times(s.step.min, s.step.max), graph);
            ("ShortestPath", format!("{along} {}", kept(s.keep)))
        }
        OpKind::Select(s) => ("Select", kept(s.keep)),
        OpKind::Filter(_) => ("Filter", String::new()),
        OpKind::Project(items) => ("Project", format!("{} values", items.len())),
        OpKind::Aggregate { keys, aggregates } => ("Aggregate", format!("{} by {} keys", aggregates.len(), keys.len())),
        OpKind::Sort { keys, limit, .. } => {
            (if limit.is_some() { "TopK" } else { "Sort" }, format!("by {} keys", keys.len()))
        }
        OpKind::Skip(_) => ("Skip", String::new()),
        OpKind::Limit(_) => ("Limit", String::new()),
        OpKind::Distinct(_) => ("Distinct", String::new()),
        OpKind::Unwind { .. } => ("Unwind", String::new()),
        OpKind::Optional { .. } => ("Optional", String::new()),
        OpKind::Union { plans, .. } => ("Union", format!("of {}", plans.len())),
    }
}

fn kept(keep: Keep) -> String {
    match keep {
        Keep::Shortest(1) => "any".to_owned(),
        Keep::Shortest(k) => format!("{k} shortest"),
        Keep::Groups(1) => "all shortest".to_owned(),
        Keep::Groups(k) => format!("{k} groups"),
    }
}

fn times(min: u32, max: Option<u32>) -> String {
    max.map_or_else(|| format!("{{{min},}}"), |max| format!("{{{min},{max}}}"))
}

fn arrow(along: &Along, times: &str, graph: &Graph) -> String {
    let types = match &along.types {
        None => String::new(),
        Some(types) => {
            let names: Vec<&str> = types.iter().map(|t| graph.relation_name(*t)).collect();
            format!(":{}", names.join("|"))
        }
    };
    let (left, right) = match along.direction {
        Direction::Out => ("-", "->"),
        Direction::In => ("<-", "-"),
        Direction::Both => ("-", "-"),
    };
    format!("{left}[{types}]{right}{times}")
}

fn tested(test: &Option<LabelTest>, graph: &Graph) -> String {
    fn text(test: &LabelTest, graph: &Graph) -> String {
        let all = |parts: &[LabelTest], by: &str| parts.iter().map(|p| text(p, graph)).collect::<Vec<_>>().join(by);
        match test {
            LabelTest::Has(l) => graph.label_name(crate::graph::LabelId(*l)).to_owned(),
            LabelTest::Never => "no such label".to_owned(),
            LabelTest::Any => "%".to_owned(),
            LabelTest::Not(t) => format!("!{}", text(t, graph)),
            LabelTest::And(parts) => format!("({})", all(parts, "&")),
            LabelTest::Or(parts) => format!("({})", all(parts, "|")),
        }
    }
    test.as_ref().map(|t| format!(" to :{}", text(t, graph))).unwrap_or_default()
}
