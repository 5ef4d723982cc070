use super::seq::{Scratch, Tokens};
use super::{RuleSet, settle};
use crate::model::Lang;
use crate::text::tokens;

/// What the mention rules of a file find, as texts of the names.
fn found(rules: &str, text: &str) -> Vec<String> {
    let set = RuleSet::default().with(&[("t.rules", rules)]).unwrap();
    let lang = set.lang(Lang::Sv).unwrap();
    let tokens = tokens(text);
    let hits = lang.hits(&tokens);
    let t = Tokens { tokens: &tokens, hits: &hits, typed: &[], dates: &[], clauses: &[] };
    let all = lang.find_mentions(&t, &mut Scratch::default());
    settle(&all)
        .iter()
        .map(|m| text[tokens[m.name.start].start as usize..tokens[m.name.end - 1].end as usize].to_owned())
        .collect()
}

#[test]
fn the_builtin_rules_load() {
    if let Err(e) = RuleSet::builtin() {
        panic!("{e}");
    }
}

#[test]
fn mention_rules_take_the_longest_match() {
    let rules = r#"language sv;
        mention body : PublicBody = name: ( [Cap]+ ( kommun | stad ) ) ;
        mention firm : Company = name: ( [Cap] ( AB | HB ) ) | "föreningen" name: [Cap]+ ;"#;
    assert_eq!(found(rules, "Lilla Edet kommun och Ekbacken AB möttes."), ["Lilla Edet kommun", "Ekbacken AB"]);
    assert_eq!(found(rules, "Bakom står föreningen Norra Bron."), ["Norra Bron"]);
    assert_eq!(found(rules, "en lilla kommun och ab"), Vec::<String>::new());
}

#[test]
fn capitals_in_a_rule_are_asked_of_the_text() {
    let rules = r#"language sv; mention r : PublicBody = name: ( Region [Cap] ) ;"#;
    assert_eq!(found(rules, "I Region Norr bor vi."), ["Region Norr"]);
    assert_eq!(found(rules, "en region Norr"), Vec::<String>::new());
}

#[test]
fn classes_hold_inflected_words_phrases_compounds_and_each_other() {
    let rules = r#"language sv;
        paradigm avtal { - -et -en gen: -ets }
        inflect avtal %avtal = -avtal ;
        class %titel = vd | "verkställande direktör" ;
        class %allt = %titel | %avtal ;
        mention m : Contract = name: ( %allt "x" ) ;
        mention g : Contract = name: ( %avtal:gen "y" ) ;"#;
    for yes in ["avtal x", "samverkansavtalet x", "verkställande direktör x", "vd x", "vänortsavtalets y"] {
        assert_eq!(found(rules, yes), [yes], "{yes}");
    }
    assert_eq!(found(rules, "avtalet y"), Vec::<String>::new());
    assert_eq!(found(rules, "verkställande x"), Vec::<String>::new());
}

#[test]
fn case_endings_are_data() {
    let rules = r#"language sv; case gen = -s | -:s ;
        mention m : University = name: ( [Cap:gen] universitet ) ;"#;
    assert_eq!(found(rules, "vid Norrviks universitet"), ["Norrviks universitet"]);
    assert_eq!(found(rules, "vid Norrvik universitet"), Vec::<String>::new());
}

#[test]
fn base_forms_come_from_paradigms() {
    let set = RuleSet::default()
        .with(&[("t", "language sv; paradigm resa { -a -an -or -orna } inflect resa %resa = res | -res ;")])
        .unwrap();
    let v = &set.lang(Lang::Sv).unwrap().vocab;
    assert_eq!(v.base("resan").as_deref(), Some("resa"));
    assert_eq!(v.base("studieresorna").as_deref(), Some("studieresa"));
    assert_eq!(v.base("hus"), None);
}

#[test]
fn hostile_patterns_take_linear_time() {
    let rules = "language sv; mention m : Company = name: ( ( ( [Any]* )* [Any]* )+ ( [Any]? [Any]? )* slutord ) ;";
    let text = "ord ".repeat(3000) + "slutord";
    let t = std::time::Instant::now();
    found(rules, &text);
    assert!(t.elapsed().as_secs() < 20, "{:?}", t.elapsed());
}

#[test]
fn errors_say_place_and_remedy() {
    let cases = [
        ("language sv;\nclas %a = b ;", "2:1", "did you mean `class`"),
        ("language se;", "1:10", "use one of sv"),
        (
            "language sv; rule a { when x ; from : Acter left ; emit VISITS(from, from) ; }",
            "1:39",
            "did you mean `Actor`",
        ),
        (
            "language sv; rule a { when x ; from : Actor left ; emit VISIT(from, from) ; }",
            "1:57",
            "did you mean `VISITS`",
        ),
        ("language sv; rule a { when %x ; from : Actor left ; emit VISITS(from, from) ; }", "1:28", "no class `%x`"),
        (
            "language sv; rule a { when x ; from : Actor left ; emit COVERS(from, from) ; }",
            "1:57",
            "it goes from Agreement to Region",
        ),
        (
            "language sv; rule a { when x ; from : Actor left emit VISITS(from, from) ; }",
            "1:50",
            "a statement ends with `;`",
        ),
        (
            "language sv; rule a { when x ; from : Actor left ; emit VISITS(form, from) ; }",
            "1:57",
            "did you mean `from`",
        ),
    ];
    for (text, place, words) in cases {
        let e = RuleSet::default().with(&[("t", text)]).unwrap_err().to_string();
        assert!(e.contains(place) && e.contains(words), "{text}\n{e}");
    }
}
