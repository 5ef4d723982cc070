use super::*;
use crate::query::parse::parse;

/// A small closed vocabulary.
struct Words(bool);

const LABELS: [&str; 4] = ["Actor", "Company", "Region", "Person"];
const RELATIONS: [&str; 3] = ["PARTNERS_WITH", "WORKS_FOR", "MEMBER_OF"];
const PROPERTIES: [&str; 3] = ["name", "since", "role"];

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

impl SchemaView for Words {
    fn closed(&self) -> bool {
        self.0
    }
    fn has_label(&self, name: &str) -> bool {
        LABELS.contains(&name)
    }
    fn has_relation(&self, name: &str) -> bool {
        RELATIONS.contains(&name)
    }
    fn has_property(&self, name: &str) -> bool {
        PROPERTIES.contains(&name)
    }
    fn labels(&self) -> Vec<String> {
        owned(&LABELS)
    }
    fn relations(&self) -> Vec<String> {
        owned(&RELATIONS)
    }
    fn properties(&self) -> Vec<String> {
        owned(&PROPERTIES)
    }
}

struct Few;

impl Library for Few {
    fn function(&self, name: &str) -> Option<FunctionShape> {
        let (min, max, aggregate) = match name.to_ascii_lowercase().as_str() {
            "count" | "max" | "collect" => (1, 1, true),
            "size" | "length" | "nodes" | "labels" | "type" | "exists" | "head" => (1, 1, false),
            "coalesce" => (1, 1024, false),
            "rand" => (0, 0, false),
            _ => return None,
        };
        Some(FunctionShape { min, max, aggregate })
    }

    fn names(&self) -> Vec<&'static str> {
        vec![
            "count", "max", "collect", "size", "length", "nodes", "labels", "type", "exists", "head", "coalesce",
            "rand",
        ]
    }
}

fn verdict(text: &str, closed: bool) -> Result<(Columns, Vec<Diagnostic>), QueryError> {
    let given = |name: &str| name == "given";
    let schema = Words(closed);
    let environment = Environment { schema: &schema, library: &Few, parameters: Some(&given) };
    let statement = parse(text)?;
    check(&statement, &environment).map(|checked| (checked.columns, checked.warnings))
}

#[test]
fn errors_beyond_the_kit() {
    for (text, detail) in [
        ("MATCH WALK (a)-->*(b) RETURN a", Detail::UnboundedWalk),
        ("MATCH ANY SHORTEST WALK (a)-->*(b) RETURN lenght(a)", Detail::UnknownFunction),
        ("MATCH (a) ((x)-->(y)){1,2} (b) RETURN x.name", Detail::InvalidArgumentType),
        ("MATCH (a) ((a)-->(y)){1,2} (b) RETURN a", Detail::VariableAlreadyBound),
        ("MATCH (a) ((x)-->(y) WHERE z.name = 'a'){1,2} (b) RETURN a", Detail::UndefinedVariable),
        ("MATCH (a WHERE count(a) > 1) RETURN a", Detail::InvalidAggregation),
        ("MATCH (a) RETURN COLLECT { MATCH (a)--(b) RETURN a, b }", Detail::InvalidClauseComposition),
        ("MATCH (a) RETURN COUNT { MATCH (a)--(b) CREATE (c) }", Detail::InvalidClauseComposition),
        ("MATCH (a) RETURN EXISTS { (a)--(b) WHERE c.name = 1 }", Detail::UndefinedVariable),
        ("MATCH (a) RETURN a {.name, b}", Detail::UndefinedVariable),
        ("MATCH (a) RETURN $missing", Detail::MissingParameter),
        ("MATCH (a) RETURN size(a, a)", Detail::InvalidNumberOfArguments),
        ("MATCH (a) RETURN size(DISTINCT a.name)", Detail::UnexpectedSyntax),
        ("MATCH (a) RETURN a MATCH (b) RETURN b", Detail::InvalidClauseComposition),
        ("MATCH (a)", Detail::InvalidClauseComposition),
        ("UNWIND [1] AS x UNWIND [2] AS x RETURN x", Detail::VariableAlreadyBound),
        ("RETURN [x IN 1 | x]", Detail::InvalidArgumentType),
        ("RETURN all(x IN ['a'] WHERE x)", Detail::InvalidArgumentType),
        ("MATCH (a) WITH count(*) AS n WHERE a.name = 'x' RETURN n", Detail::UndefinedVariable),
        ("MATCH (a) RETURN reduce(s = 0, x IN [1] | s + count(*))", Detail::InvalidAggregation),
        ("CALL db.labels()", Detail::ProcedureNotFound),
        ("MATCH p = (a) RETURN p.name", Detail::InvalidArgumentType),
    ] {
        match verdict(text, false) {
            Ok(_) => panic!("{text} passes"),
            Err(error) => assert_eq!(error.detail, detail, "{}", error.render(text)),
        }
    }
}

#[test]
fn what_is_right_passes() {
    for text in [
        "MATCH (a) ((x)-[r]->(y) WHERE x.name = a.name){1,2} (b) RETURN size(x), head(r).since, y",
        "MATCH (a)-[r*1..2 WHERE r.since > 1]->(b) RETURN size(r)",
        "MATCH (a) WITH a.name AS n, count(*) AS c WHERE c > 1 AND n IS NOT NULL RETURN n ORDER BY c + 1",
        "MATCH (a) WITH DISTINCT a.name AS n ORDER BY a.name WHERE n <> 'x' RETURN n",
        "MATCH (a) WITH a.name AS n WHERE a.since = 1 RETURN n",
        "MATCH (a) RETURN [x IN collect(a) WHERE x:Company | x.name] AS names",
        "MATCH (a) WHERE NOT (a)--() AND exists((a)-->()) RETURN CASE WHEN (a)--() THEN 1 ELSE 2 END",
        "MATCH (a) RETURN [(a)-[r]-(b) WHERE r.since = 1 | b.name], COUNT { (a)--(c) WHERE c.name = a.name }",
        "MATCH (a) RETURN a.name, count(*) AS n ORDER BY n DESC, a.name LIMIT $given",
        "MATCH p = ANY SHORTEST (a)-->+(b) RETURN nodes(p), length(p)",
        "MATCH (a) RETURN *, 1 AS one",
        "MATCH (a), (b {name: a.name}) RETURN a, b",
        "RETURN 1 AS x UNION ALL RETURN 'a' AS x",
    ] {
        if let Err(error) = verdict(text, true) {
            panic!("{}", error.render(text));
        }
    }
}

#[test]
fn a_closed_vocabulary_refuses_and_an_open_one_warns() {
    for (text, detail, near) in [
        ("MATCH (a:Compny) RETURN a", Detail::UnknownLabel, "`Company`"),
        ("MATCH (a)-[:PARTNER_WITH]-(b) RETURN a", Detail::UnknownRelation, "`PARTNERS_WITH`"),
        ("MATCH (a) RETURN a.nmae", Detail::UnknownProperty, "`name`"),
        ("MATCH (a {nam: 'x'}) RETURN a", Detail::UnknownProperty, "`name`"),
        ("MATCH (a) WHERE a:Regoin RETURN a", Detail::UnknownLabel, "`Region`"),
        ("MATCH (a)-[r]-(b) WHERE r:WORK_FOR RETURN a", Detail::UnknownRelation, "`WORKS_FOR`"),
        ("MATCH (a) ((x:Zzz)-->(y)){1,2} (b) RETURN a", Detail::UnknownLabel, "its labels: Actor, Company"),
    ] {
        match verdict(text, true) {
            Ok(_) => panic!("{text} passes"),
            Err(error) => {
                assert_eq!(error.detail, detail, "{text}");
                assert!(error.help.as_deref().is_some_and(|help| help.contains(near)), "{}", error.render(text));
            }
        }
        match verdict(text, false) {
            Ok((_, warnings)) => assert_eq!(warnings.len(), 1, "{text}"),
            Err(error) => panic!("{}", error.render(text)),
        }
    }
}

#[test]
fn columns_have_names_and_kinds() {
    let text = "MATCH p = (a)-[r]->(b) RETURN p, a AS x, r, a.name, count(*) AS n, collect(b) AS bs, [1, 2.0] AS l";
    let columns = match verdict(text, false) {
        Ok((columns, _)) => columns,
        Err(error) => panic!("{}", error.render(text)),
    };
    let kinds = columns.into_iter().map(|(name, kind)| (name.to_string(), kind)).collect::<Vec<_>>();
    assert_eq!(
        kinds,
        [
            ("p".to_owned(), Kind::Path),
            ("x".to_owned(), Kind::Node),
            ("r".to_owned(), Kind::Relationship),
            ("a.name".to_owned(), Kind::Any),
            ("n".to_owned(), Kind::Integer),
            ("bs".to_owned(), Kind::Node.list()),
            ("l".to_owned(), Kind::Number.list()),
        ]
    );
}

#[test]
fn near_variables_and_functions_are_suggested() {
    for (text, near) in [
        ("MATCH (person) RETURN persn", "`person`"),
        ("MATCH (a) RETURN cuont(a)", "count()"),
        ("MATCH (a) RETURN lenght(a)", "length()"),
    ] {
        let Err(error) = verdict(text, true) else { panic!("{text} passes") };
        assert!(error.help.as_deref().is_some_and(|help| help.contains(near)), "{}", error.render(text));
    }
}
