use super::ast::{Referent, TypeSet};
use super::fixture::Marked;
use super::seq::{Scratch, Tokens, typed_of};
use super::{LintKind, RuleSet, expand, lint, parse, run_tests};
use crate::extract::rules::ast::Item;
use crate::model::{Lang, Relation, Type};
use crate::text::tokens;

const RULES: &str = r#"language sv;
paradigm resa { -a -an -or -orna }
inflect resa %resa = -res ;
class %avtal = -avtal | -avtalet ;
event %resa : Visit name = <Region:gen>? head till <Region> | head ;
event %avtal : Contract name = head mellan <Actor|Region> och <Actor|Region> ;
list "delegationen från" <Region> ":" => TAKES_PART_IN(item : Person, event) ;
list medlemmar => MEMBER_OF(item, owner) ;
table col Medlem => MEMBER_OF(cell, owner) ;
table col who: Namn col where: Organisation | Arbetsgivare => WORKS_FOR(who, where) ;
corefer vi | oss : publisher ;
corefer föreningen | "den nya föreningen" : Association ;
"#;

fn with<T>(marked: &str, f: impl Fn(&super::LangRules, &Tokens<'_>, &Marked) -> T) -> T {
    let set = RuleSet::default().with(&[("t", RULES)]).unwrap_or_else(|e| panic!("{e}"));
    let rules = set.lang(Lang::Sv).unwrap();
    let m = Marked::new(marked);
    let typed = typed_of(&m.view(Lang::Sv));
    let hits = rules.hits(&m.tokens);
    f(rules, &Tokens { tokens: &m.tokens, hits: &hits, typed: &typed, dates: &[], clauses: &[] }, &m)
}

#[test]
fn heads_of_lists() {
    let head = with("Delegationen från [Ekby|City]:", |r, t, _| r.list_head(t, &mut Scratch::default()));
    let head = head.unwrap();
    assert_eq!((head.rule, head.captures), (0, vec![("region".to_owned(), 2..3)]));
    assert_eq!(with("Medlemmar", |r, t, _| r.list_head(t, &mut Scratch::default()).unwrap().rule), 1);
    assert!(with("Kontakt", |r, t, _| r.list_head(t, &mut Scratch::default())).is_none());
}

#[test]
fn columns_of_tables() {
    let heads = ["Telefon", "Namn", "Arbetsgivare"].map(tokens);
    let cells: Vec<&[_]> = heads.iter().map(Vec::as_slice).collect();
    let found = with("x", |r, _, _| r.table_heads(&cells));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].columns, [("who".to_owned(), 1), ("where".to_owned(), 2)]);
}

#[test]
fn nameless_events_have_a_head_in_base_form() {
    let all = |marked: &str| {
        with(marked, |r, t, m| {
            let found = r.find_events(t, &mut Scratch::default());
            found.iter().map(|e| format!("{} {} ({})", e.ty, m.form(&e.tokens), e.base)).collect::<Vec<_>>()
        })
    };
    assert_eq!(all("Affärsresan till [USA|Country] blev bra."), ["Visit Affärsresan till USA (affärsresa)"]);
    assert_eq!(all("[Ekbys|City:gen] resa till [USA|Country]"), ["Visit Ekbys resa till USA (resa)"]);
    assert_eq!(all("Resan blev av."), ["Visit Resan (resa)"]);
    assert_eq!(
        all("ett samverkansavtal mellan [Ekby|City] och [Kobe|City]"),
        ["Contract samverkansavtal mellan Ekby och Kobe (samverkansavtal)"]
    );
    assert_eq!(all("ett avtal om vatten"), Vec::<String>::new());
}

#[test]
fn references() {
    let found = with("Den nya föreningen tackar oss.", |r, t, _| r.find_references(t));
    assert_eq!(found[0].tokens, 0..3);
    assert_eq!(found[0].referent, Referent::Last(TypeSet::one(Type::Association)));
    assert_eq!((found[1].tokens.clone(), found[1].referent), (4..5, Referent::Publisher));
}

#[test]
fn facts_of_an_item_keep_to_types_and_schema() {
    let file = parse("t", RULES).unwrap();
    let facts = file.items.iter().find_map(|i| match i {
        Item::List(l) => Some(&l.facts),
        _ => None,
    });
    let values = |name: &str| match name {
        "item" => vec![(1, Type::Person), (2, Type::PublicBody)],
        _ => vec![(9, Type::Visit)],
    };
    assert_eq!(expand(facts.unwrap(), values), [(Relation::TakesPartIn, 1, 9)]);
}

#[test]
fn the_same_forms_get_different_ids_and_later_files_take_the_place_of_rules() {
    let one = "language sv; list medlemmar => MEMBER_OF(item, owner) ; list medlemmar ':' => MEMBER_OF(item, owner) ;"
        .replace('\'', "\"");
    let set = RuleSet::default().with(&[("a", &one), ("b", &one)]).unwrap();
    let ids: Vec<&str> = set.lang(Lang::Sv).unwrap().lists.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(ids, ["sv/list.medlemmar", "sv/list.medlemmar#2", "sv/list.medlemmar#3", "sv/list.medlemmar#4"]);
    let rule = |word: &str| {
        format!("language sv; rule a {{ when {word} ; x : Actor left ; y : Region right ; emit VISITS(x, y) ; }}")
    };
    let set = RuleSet::default().with(&[("a", rule("ser"))]).unwrap();
    let before = set.version();
    let set = set.with(&[("b", rule("besöker"))]).unwrap();
    assert_eq!(set.rule_hashes().count(), 1);
    assert_ne!(set.version(), before);
    let twice = format!("{} {}", rule("ser"), rule("ser").replace("language sv;", ""));
    assert!(RuleSet::default().with(&[("a", twice)]).unwrap_err().to_string().contains("given twice"));
}

#[test]
fn lint_names_what_is_doubtful() {
    let rules = r#"language sv; class %unused = a ;
        rule one { when ser ; x : Actor left ; y : Region right ; emit VISITS(x, y) ; }
        rule two { when ser ; x : Actor left ; y : Region right ; emit VISITS(x, y) ; }
        rule three { when <Actor> [Word] ; x : Actor left ; y : Region right ; emit VISITS(x, y) ; }
        rule four { when ser på ; x : Actor left ; y : Region right ; unless ser på ; emit VISITS(x, y) ; }"#;
    let found = lint(&RuleSet::default().with(&[("t", rules)]).unwrap());
    let has = |kind, part: &str| found.iter().any(|l| l.kind == kind && l.to_string().contains(part));
    assert!(has(LintKind::MissingRelation, "PARTNERS_WITH"));
    assert!(!has(LintKind::MissingRelation, "VISITS"));
    assert!(has(LintKind::MissingClass, "%adposition"));
    assert!(has(LintKind::UnusedClass, "%unused"));
    assert!(has(LintKind::Untested, "sv/one"));
    assert!(has(LintKind::Shadowed, "sv/two"));
    assert!(has(LintKind::Unanchored, "sv/three"));
    assert!(has(LintKind::Unreachable, "sv/four"));
}

#[test]
fn tests_of_rules_tell_what_was_read_instead() {
    let rules = r#"language sv;
        rule one { when ser ; x : Actor left ; y : Region right ; emit VISITS(x, y) ;
          test "Ekby ser Kobe." => VISITS("Ekby", "Kobe") planned ; not "Ekby ser." ; }"#;
    let set = RuleSet::default().with(&[("t", rules)]).unwrap();
    let reports = run_tests(&set, &|t| crate::extract::read(&t.document().unwrap(), &set));
    assert_eq!(reports.len(), 2);
    assert!(!reports[0].passed() && reports[0].to_string().contains("did not read VISITS(\"Ekby\", \"Kobe\") planned"));
    assert!(reports[1].passed());
}

mod hostile {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// A rule file with a piece cut out, doubled or written over: an error or rules, never a panic.
        #[test]
        fn any_file_loads_or_says_why(at in 0usize..4000, len in 0usize..40, what in "[a-z%<>\\[\\](){}|:;\".?*+ -]{0,6}") {
            let text = include_str!("../../../grammar/sv/sv.rules");
            let cut = |i: usize| (0..=i.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
            let (a, b) = (cut(at), cut(at + len));
            let broken = format!("{}{what}{}", &text[..a], &text[b..]);
            match RuleSet::default().with(&[("t", broken)]) {
                Ok(set) => drop(lint(&set)),
                Err(e) => prop_assert!(!e.to_string().is_empty()),
            }
        }

        /// Any text is read without a panic, its tokens within bounds.
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            let set = RuleSet::default().with(&[("t", RULES)]).unwrap();
            let rules = set.lang(Lang::Sv).unwrap();
            let tokens = tokens(&text);
            let hits = rules.hits(&tokens);
            let t = Tokens { tokens: &tokens, hits: &hits, typed: &[], dates: &[], clauses: &[] };
            for e in rules.find_events(&t, &mut Scratch::default()) {
                prop_assert!(e.tokens.end <= tokens.len());
            }
        }
    }
}
