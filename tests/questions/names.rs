//! `names.tsv`: how a name is written, what it must mean and by which tier.

use std::time::Instant;

use samband::graph::{Graph, NodeId};
use samband::query::names::{Tier, nearest, resolve};

use super::world::world;

fn tier(word: &str) -> Option<Tier> {
    use Tier::{Alias, BaseForm, CaseFolded, Exact, Folded, Prefix, Words};
    let all = [Exact, CaseFolded, Folded, Alias, BaseForm, Prefix, Words];
    all.into_iter().find(|t| format!("{t:?}") == word)
}

fn entity(graph: &Graph, node: NodeId) -> bool {
    !graph.label_id("Document").is_some_and(|d| graph.has_label(node, d))
}

#[test]
fn names_mean_what_the_table_says() {
    let graph = world();
    let text = super::read("names.tsv");
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let [written, wanted, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        rows += 1;
        let hit = resolve(graph, written, &|n| entity(graph, n));
        let found = hit.as_ref().map(|h| {
            let mut names: Vec<&str> = h.nodes.iter().map(|&n| graph.node_name(n)).collect();
            names.sort_unstable();
            (format!("{:?}", h.tier), names.join(" | "))
        });
        match (wanted, found) {
            // Nothing is meant; the nearest name may be suggested.
            ("none", None) => {
                let near = nearest(graph, written, &|n| entity(graph, n), 1);
                let near = near.first().map_or("-", |&n| graph.node_name(n));
                if near != expected {
                    wrong.push(format!("{written}: nearest is {near}, not {expected}"));
                }
            }
            (_, Some((t, names))) if t == wanted && names == expected => {}
            (_, found) => wrong.push(format!("{written}: {found:?}, not {wanted} {expected}")),
        }
        assert!(wanted == "none" || tier(wanted).is_some(), "{line}");
    }
    assert!(wrong.is_empty(), "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= 200, "{rows}");
}

/// Not a benchmark: a bound that a scan of all nodes would break by far on a large graph, and that no slow machine meets by
/// chance.
#[test]
fn a_name_is_looked_up_and_not_searched_for() {
    let graph = world();
    let text = super::read("names.tsv");
    let written: Vec<&str> =
        text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).filter_map(|l| l.split('\t').next()).collect();
    // The lexicon is laid out at the first look-up.
    let _ = resolve(graph, "Oulussa", &|_| true);
    let started = Instant::now();
    for name in &written {
        let _ = resolve(graph, name, &|_| true);
    }
    let each = started.elapsed() / written.len() as u32;
    println!("{each:?} for a name");
    assert!(each.as_millis() < 5, "{each:?}");
}
