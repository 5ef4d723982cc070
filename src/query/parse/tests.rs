use std::time::{Duration, Instant};

use super::*;

/// Parses an expression and prints it with the parentheses that its precedence needs.
fn expression(text: &str) -> String {
    match parse_query(&format!("RETURN {text}")) {
        Ok(query) => query.to_string()["RETURN ".len()..].to_owned(),
        Err(error) => panic!("{}", error.render(&format!("RETURN {text}"))),
    }
}

fn pattern(text: &str) -> String {
    let text = format!("MATCH {text} RETURN 1");
    match parse_query(&text) {
        Ok(query) => query.to_string()["MATCH ".len()..].trim_end_matches(" RETURN 1").to_owned(),
        Err(error) => panic!("{}", error.render(&text)),
    }
}

fn error(text: &str) -> QueryError {
    match parse(text) {
        Ok(_) => panic!("{text} parses"),
        Err(error) => error,
    }
}

#[test]
fn operators_bind_as_in_opencypher() {
    for (text, tree) in [
        ("1+2*3^4^5", "1 + 2 * 3 ^ 4 ^ 5"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("-3^2", "-3 ^ 2"),
        ("-(3^2)", "-(3 ^ 2)"),
        ("- -3", "-(-3)"),
        ("not a = b", "NOT a = b"),
        ("(not a) = b", "(NOT a) = b"),
        ("a or b and not c xor d", "a OR b AND NOT c XOR d"),
        ("(a or b) and c", "(a OR b) AND c"),
        ("1 < x <= 3", "1 < x <= 3"),
        ("(1 < x) = true", "(1 < x) = true"),
        ("a + b in c + d", "a + b IN c + d"),
        ("a = b is null", "a = b IS NULL"),
        ("(a = b) is not null", "(a = b) IS NOT NULL"),
        ("n.name ~ 'lulea' or n.name =~ '.*'", "n.name ~ 'lulea' OR n.name =~ '.*'"),
        ("x starts with 'a' + 'b'", "x STARTS WITH 'a' + 'b'"),
        ("list[1..][0].key", "list[1..][0].key"),
        ("n:A:B or n:A|B or n is C", "n:A&B OR n:(A|B) OR n:C"),
        ("[x in list where x:A | x.y]", "[x IN list WHERE x:A | x.y]"),
        ("count(distinct n), count ( * )", "count(DISTINCT n), count(*)"),
        ("case x when 1 then 'a' else null end", "CASE x WHEN 1 THEN 'a' ELSE null END"),
        ("n {.name, .*, age: 1, other}", "n {.name, .*, age: 1, other}"),
        ("exists { (a)-->(b) where a.x = 1 }", "EXISTS { (a)-->(b) WHERE a.x = 1 }"),
        (
            "exists { match (a) return a union match (b) return b }",
            "EXISTS { MATCH (a) RETURN a UNION MATCH (b) RETURN b }",
        ),
        ("reduce(s = 0, x in [1] | s + x)", "reduce(s = 0, x IN [1] | s + x)"),
        ("[p = (a)-[r]->(b) where r.x | p]", "[p = (a)-[r]->(b) WHERE r.x | p]"),
        ("all(x IN [1] WHERE (x)-->())", "all(x IN [1] WHERE (x)-->())"),
        ("(1+2)-(3)", "1 + 2 - 3"),
        ("$name + $1 + $`a b`", "$name + $1 + $`a b`"),
    ] {
        assert_eq!(expression(text), tree, "{text}");
    }
}

#[test]
fn patterns_of_both_notations_are_one() {
    for (text, tree) in [
        ("(a)-[*]->(b)", "(a)-->+(b)"),
        ("(a)-[*..3]-(b)", "(a)--{1,3}(b)"),
        ("(a)-[r:R|:S*2]->(b)", "(a)-[r:R|S]->{2}(b)"),
        ("(a)-[*0..]->(b)", "(a)-->*(b)"),
        ("(a)->{1,4}(b)", "(a)-->{1,4}(b)"),
        ("(a)<-{,4}(b)", "(a)<--{0,4}(b)"),
        ("(a)-(b)<-->(c)", "(a)--(b)--(c)"),
        ("shortestPath((a)-[*]-(b))", "ANY SHORTEST (a)--+(b)"),
        ("p = all shortest trail paths (a)-->*(b)", "p = ALL SHORTEST TRAIL (a)-->*(b)"),
        ("shortest 3 groups (a)-->*(b)", "SHORTEST 3 GROUPS (a)-->*(b)"),
        ("any shortest ((a)-->+(b) where a.x = b.x)", "ANY SHORTEST ((a)-->+(b) WHERE a.x = b.x)"),
        ("(a) ((x)-[r]->(y) where r.w > 1){1,4} (b)", "(a)((x)-[r]->(y) WHERE r.w > 1){1,4}(b)"),
        ("((x)-->(y))+((z)-->())*", "((x)-->(y))+((z)-->())*"),
        ("(n is A&!(B|%) where n.x = 1)", "(n:A&!(B|%) WHERE n.x = 1)"),
        ("(n:A {x: 1})-[r {y: 2} where r.z]->({z: $p})", "(n:A {x: 1})-[r {y: 2} WHERE r.z]->({z: $p})"),
        ("(match:where)-[return]->(`in`)", "(match:where)-[return]->(`in`)"),
    ] {
        if text.starts_with("(match") {
            assert!(parse(&format!("MATCH {text} RETURN 1")).is_err(), "reserved words are no variables");
            continue;
        }
        assert_eq!(pattern(text), tree, "{text}");
    }
    assert_eq!(pattern("(a:match)-[:RETURN]->({where: 1})"), "(a:match)-[:RETURN]->({where: 1})");
}

#[test]
fn columns_keep_their_text() {
    let Ok(query) = parse_query("RETURN n . x+1 , `a b`, count( * ) // end\n , (1)") else { panic!("parses") };
    let crate::query::ast::Clause::Return(projection) = &query.parts[0].clauses[0] else { panic!("returns") };
    let columns = projection.items.iter().map(|item| item.column().to_string()).collect::<Vec<_>>();
    assert_eq!(columns, ["n . x+1", "a b", "count( * )", "(1)"]);
}

#[test]
fn literals_and_their_errors() {
    for (text, value) in [
        ("0x7FFFFFFFFFFFFFFF", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-0x8000000000000000", "-9223372036854775808"),
        ("0o17", "15"),
        ("1_000", "1000"),
        (".5", "0.5"),
        ("1e3", "1000.0"),
        (r#""it's""#, r"'it\'s'"),
        (r"'\u00e5\ud83d\ude00\\\''", r"'å😀\\\''"),
    ] {
        assert_eq!(expression(text), value, "{text}");
    }
    for (text, detail) in [
        ("9223372036854775808", Detail::IntegerOverflow),
        ("-0x8000000000000001", Detail::IntegerOverflow),
        ("1e999", Detail::FloatingPointOverflow),
        ("12ab", Detail::InvalidNumberLiteral),
        ("0o8", Detail::InvalidNumberLiteral),
        (r"'\u12'", Detail::InvalidUnicodeLiteral),
        (r"'\ud800'", Detail::InvalidUnicodeLiteral),
        ("1 — 2", Detail::InvalidUnicodeCharacter),
        ("'\\q'", Detail::UnexpectedSyntax),
        ("1 # 2", Detail::UnexpectedSyntax),
    ] {
        assert_eq!(error(&format!("RETURN {text}")).detail, detail, "{text}");
    }
}

#[test]
fn what_was_meant_is_said() {
    for (text, hint) in [
        ("MTACH (n) RETURN n", "MATCH"),
        ("MATCH (n) RETRUN n", "RETURN"),
        ("MATCH (n) WHER n.x = 1 RETURN n", "WHERE"),
        ("MATCH (n) RETURN n ODER BY n.x", "ORDER"),
        ("MATCH (n) RETURN n ORDER n.x", "ORDER BY"),
        ("MATCH (n) RETURN n SORT BY n.x", "ORDER BY"),
        ("MATCH (n) WHERE n.x == 1 RETURN n", "`=`"),
        ("MATCH (n) WHERE n.x != 1 RETURN n", "`<>`"),
        ("MATCH (n) WHERE n.x && n.y RETURN n", "AND"),
        ("MATCH (n) WHERE n.x || n.y RETURN n", "OR"),
        ("MATCH (n) WHERE n.x LIKE 'a%' RETURN n", "CONTAINS"),
        ("MATCH (n) WHERE n.x IS EMPTY RETURN n", "size"),
        ("MATCH (n) RETURN n.x, count(*) GROUP BY n.x", "leave GROUP BY out"),
        ("MATCH (n) RETURN n WHERE n.x = 1", "before RETURN"),
        ("MATCH (n) RETURN n LIMIT 1 SKIP 2", "SKIP stands before LIMIT"),
        ("MATCH n RETURN n", "`(n)`"),
        ("MATCH (n {name = 'x'}) RETURN n", "colon"),
        ("MATCH (n) RETURN n AS 'x'", "backticks"),
        ("MATCH (n) RETURN n, RETURN n", "comma"),
        ("MATCH (n) RETURN n -- a remark", "//"),
        ("SELECT * FROM t", "MATCH"),
        ("SELECT ?x WHERE { ?x a ?y }", "MATCH"),
        ("WHERE n.x = 1 RETURN n", "MATCH"),
        ("(a)-->(b)", "MATCH"),
        ("MATCH (a) (b) RETURN a", "-->"),
        ("MATCH (a) → (b) RETURN a", "-->"),
        ("MATCH (?x) RETURN x", "?"),
        ("RETURN 1 AS match", "backticks"),
        ("MATCH (n RETURN n", ")"),
        ("RETURN CASE WHEN true THEN 1", "END"),
        ("RETURN 'abc", "'"),
        ("CALL { RETURN 1 } RETURN 1", "EXISTS"),
    ] {
        let error = error(text);
        assert!(error.help.as_deref().is_some_and(|help| help.contains(hint)), "{}", error.render(text));
    }
}

#[test]
fn carets_count_characters_from_one() {
    let text = "MATCH (å:Län)\nRETRUN å";
    let error = error(text);
    assert_eq!(error.line_column(text), Some((2, 1)));
    assert!(error.render(text).contains("2 | RETRUN å\n  | ^^^^^^"), "{}", error.render(text));
    assert!(!error.render(text).contains('\u{1b}'));
}

/// Hostile statements: each must be answered, right or wrong, fast and within the stack of a test's thread.
#[test]
fn nothing_hostile_takes_long() {
    let nests = [
        ("(", ")"),
        ("[", "]"),
        ("{a:", "}"),
        ("f(", ")"),
        ("x[", "]"),
        ("NOT (", ")"),
        ("[x IN ", "|x]"),
        ("all(x IN ", " WHERE x)"),
        ("reduce(a=1,x IN ", "|x)"),
        ("CASE ", " WHEN 1 THEN 1 END"),
        ("CASE WHEN ", " THEN 1 END"),
        ("n {a:", "}"),
        ("({a:", "})-->()"),
        ("(a {x:", "})--(1)"),
        ("[(a {x:", "})--() | 1]"),
        ("EXISTS { MATCH (a) WHERE ", " RETURN a}"),
        ("COUNT { (a WHERE ", ") }"),
        ("shortestPath((a {x:", "})-[*]-(b))"),
    ];
    let mut statements = Vec::new();
    for (open, close) in nests {
        for depth in [33, MAX_NESTING - 1, 3000] {
            statements.push(format!("RETURN {}1{}", open.repeat(depth), close.repeat(depth)));
            statements.push(format!("RETURN {}1 1{}", open.repeat(depth), close.repeat(depth)));
            statements.push(format!("RETURN {}", open.repeat(depth)));
        }
    }
    for unit in [
        "(", ")", "'", "`", "/*", "NOT ", "- ", "a.", "1+", "(1)-", "(a)--", "1 OR ", "MATCH ", "((", "[(", "{`", "!",
        "a:", "🎉", ";",
    ] {
        statements.push(format!("RETURN {}", unit.repeat(16_384 / unit.len())));
        statements.push(format!("MATCH {}", unit.repeat(16_384 / unit.len())));
    }
    statements.push(format!("MATCH (a:{}B{}) RETURN a", "(".repeat(99), ")".repeat(99)));
    statements.push(format!("RETURN {}{}1{}", "(".repeat(99), "1 OR ".repeat(3000), ")".repeat(99)));
    statements.push("x".repeat(MAX_LENGTH + 1));
    for statement in statements {
        let start = Instant::now();
        let _ = parse(&statement);
        let _ = completeness(&statement);
        let _ = expected_at(&statement, statement.len());
        let took = start.elapsed();
        // A debug build on a busy machine; a release build takes some milliseconds at most.
        assert!(took < Duration::from_secs(20), "{took:?} for {}…", &statement.chars().take(60).collect::<String>());
    }
}

#[test]
fn nesting_that_is_useful_parses() {
    let depth = 64;
    for (open, close) in [("[", "]"), ("(", ")"), ("{a: ", "}"), ("f(", ")")] {
        assert!(parse(&format!("RETURN {}1{}", open.repeat(depth), close.repeat(depth))).is_ok());
    }
    let error = error(&format!("RETURN {}", "(".repeat(200)));
    assert_eq!(error.detail, Detail::NestingTooDeep);
    let long = format!("RETURN {}", vec!["x = 1"; 3000].join(" OR "));
    assert!(parse(&long).is_ok(), "long conditions are flat");
}

#[test]
fn scripts_are_cut_at_their_semicolons() {
    let script = "RETURN ';'; /* a;b */ RETURN `x;y` // c;d\n;;\nwho works for Bo's Bygg; \"A;B\" ; // nothing\n";
    let cut = split(script).into_iter().map(|range| &script[range]).collect::<Vec<_>>();
    assert_eq!(cut, ["RETURN ';'", "/* a;b */ RETURN `x;y` // c;d", "who works for Bo's Bygg", "\"A;B\""]);
}

#[test]
fn half_written_is_told_from_wrong() {
    use Completeness::{Complete, Incomplete, Wrong};
    for (text, expected) in [
        ("", Complete),
        ("MATCH", Incomplete),
        ("MATCH (n", Incomplete),
        ("MATCH (n) WHERE n.x = 'a", Incomplete),
        ("MATCH (n) RETURN", Incomplete),
        ("MATCH (n) RETURN n,", Incomplete),
        ("MATCH (n) RETURN n /* x", Incomplete),
        ("MATCH (n) WITH n", Incomplete),
        ("MATCH (n);", Complete),
        ("MATCH (n) RETURN n ORDER", Incomplete),
        ("MATCH (n) RETURN n", Complete),
        ("MATCH (n) RETRUN n", Wrong),
        ("MATCH (n]", Wrong),
        ("which partners link A to B", Complete),
    ] {
        assert_eq!(completeness(text), expected, "{text}");
    }
}

#[test]
fn what_may_follow_is_known() {
    use Expected::{Expression, Keyword, Label, Node, Property, QuestionWord, Relation, Text, Variable};
    for (text, expected) in [
        ("", Keyword("MATCH")),
        ("", QuestionWord),
        ("MAT", Keyword("MATCH")),
        ("which part", QuestionWord),
        ("MATCH ", Node),
        ("MATCH (n:", Label),
        ("MATCH (n:A|", Label),
        ("MATCH (n)-[:", Relation),
        ("MATCH (n)-[r:A|B", Relation),
        ("MATCH (n) ", Keyword("WHERE")),
        ("MATCH (n) WHERE ", Expression),
        ("MATCH (n) WHERE n.na", Property),
        ("MATCH (n {", Property),
        ("MATCH (n {name: 'Lu", Text),
        ("MATCH (n) WHERE n.x = 1 A", Keyword("AND")),
        ("MATCH (n) RETURN ", Keyword("DISTINCT")),
        ("MATCH (n) RETURN n OR", Keyword("ORDER BY")),
        ("MATCH (n) RETURN n AS ", Variable),
    ] {
        let at = expected_at(text, text.len());
        assert!(at.expected.contains(&expected), "{text:?}: {:?}", at.expected);
    }
    assert!(expected_at("MATCH (n)) ", 11).expected.is_empty());
}

#[test]
fn questions_become_tokens() {
    let text = "EXPLAIN which partners link \"Japan Bridge\" to Kanta-Hämeen, A/S and Bo's 2018–2020 within 3 steps?";
    let Ok(Statement { mode: Mode::Explain, body: Body::Question(question), .. }) = parse(text) else {
        panic!("a question");
    };
    let tokens = question.tokens.iter().map(|t| (t.kind, &*t.text)).collect::<Vec<_>>();
    use TokenKind::{Number, Punct, Quoted, Word};
    assert_eq!(
        tokens,
        [
            (Word, "which"),
            (Word, "partners"),
            (Word, "link"),
            (Quoted, "Japan Bridge"),
            (Word, "to"),
            (Word, "Kanta-Hämeen"),
            (Punct, ","),
            (Word, "A/S"),
            (Word, "and"),
            (Word, "Bo's"),
            (Number, "2018"),
            (Punct, "–"),
            (Number, "2020"),
            (Word, "within"),
            (Number, "3"),
            (Word, "steps"),
        ]
    );
    assert!(question.tokens.iter().all(|t| text[t.span.range()].contains(&*t.text)));
    for text in [
        "vilka partner länkar Luleå till Austin",
        "mitkä kumppanit yhdistävät Luulajan Austiniin",
        "show Luleå",
        "”Luleå”",
    ] {
        assert!(is_question(text), "{text}");
    }
    for text in
        ["match (n) return n", "EXPLAIN MATCH (n) RETURN n", "  // x\n WITH 1 AS x RETURN x", "RETRUN (1)", "select 1"]
    {
        assert!(!is_question(text), "{text}");
    }
}
