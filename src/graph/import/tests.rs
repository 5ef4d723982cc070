use super::super::*;
use super::*;

fn jsonl(text: &str) -> Result<Graph, GraphError> {
    let mut importer = Importer::new();
    importer.jsonl(text.as_bytes(), "in.jsonl")?;
    importer.finish()?.freeze()
}

fn export(graph: &Graph) -> String {
    let mut out = Vec::new();
    export_jsonl(graph, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const FACTS: &str = r#"{"type":"node","id":"0a","labels":["Actor","Organisation","Company"],"properties":{"name":"Ålands Rederi AB","aliases":["Rederiet"],"zeal":{"$float":"NaN"}}}
{"type":"node","id":"0b","labels":["Region","City"],"properties":{"name":"Mariehamn"}}
{"type":"node","id":"document/a.txt","labels":["Document"],"properties":{"name":"a.txt","date":"2020-01","language":"sv"}}
{"type":"relationship","id":"x","label":"LOCATED_IN","start":{"id":"0a","labels":[]},"end":{"id":"0b"},"properties":{"modality":"asserted","since":"2014","until":null,"basis":"observed"},"evidence":[{"document":"a.txt","start":3,"end":40,"sentence":"Rederiet har \"kontor\" i Mariehamn.","rule":"sv/located.office"},{"document":"b.txt","start":0,"end":4,"sentence":"Ja.","rule":"sv/x","modality":"planned","date":"2021"}]}
{"type":"relationship","id":"y","label":"MENTIONS","start":{"id":"document/a.txt"},"end":{"id":"0a"}}
{"type":"relationship","id":"z","label":"ALSO","start":{"id":"0a"},"end":{"id":"0a"},"properties":{"n":[1,2.0,"x",[true,null]],"m":{"b":1,"a":{"c":[]}},"f":1.0}}
"#;

#[test]
fn export_import_export_gives_the_same_bytes() {
    let first = jsonl(FACTS).unwrap();
    assert_eq!(check(&first).faults, Vec::<String>::new());
    let once = export(&first);
    let second = jsonl(&once).unwrap();
    assert_eq!(export(&second), once);
    assert_eq!(jsonl(&once).unwrap().as_bytes(), second.as_bytes());
    assert!(once.contains(r#""properties":{"modality":"asserted","since":"2014","until":null,"date":null,"role":null,"basis":"observed"},"evidence":[{"document":"a.txt","start":3,"#));
    assert!(once.contains(r#""zeal":{"$float":"NaN"}"#) && once.contains(r#""f":1.0"#), "{once}");
    let located = first.relation_id("LOCATED_IN").unwrap();
    let edge = first.edges().find(|&e| first.relation(e) == located).unwrap();
    let evidence = first.evidence(edge).unwrap();
    assert_eq!(evidence[1].modality, crate::model::Modality::Planned);
    assert_eq!(first.documents().unwrap()[0].language, crate::model::Lang::Sv);
}

#[test]
fn flat_lines_and_plain_csv_mean_the_same() {
    let flat = jsonl(concat!(
        "{\"id\": 7, \"label\": \"Person\", \"name\": \"Eva Öst\", \"type\": \"node\", \"since\": 1970}\n",
        "{\"id\": 8, \"label\": \"Region\", \"name\": \"Övre ån\", \"type\": \"county\", \"since\": 1200}\n",
        "\n",
        "{\"src\": 7, \"dst\": 8, \"type\": \"VISITS\", \"since\": 2001}\n",
    ))
    .unwrap();
    let mut importer = Importer::new();
    let nodes = "id,label,name,type,since\n7,Person,Eva Öst,node,1970\n8,Region,Övre ån,county,1200\n";
    importer.csv(nodes.as_bytes(), "nodes.csv").unwrap();
    importer.csv("src,dst,type,since\n7,8,VISITS,2001\n".as_bytes(), "edges.csv").unwrap();
    let csv = importer.finish().unwrap().freeze().unwrap();
    assert_eq!(flat.as_bytes(), csv.as_bytes());
    assert_eq!(flat.node_property(NodeId(0), flat.key_id("id").unwrap()), PropertyRef::Int(7));
}

#[test]
fn csv_goes_there_and_back() {
    let mut importer = Importer::new();
    let nodes = ":ID(P),name,born:int,tags:string[],tall:boolean,:LABEL\n1,\"Lind, Anna\",1970,a;b,true,Person;Actor\n";
    importer.csv(nodes.as_bytes(), "n.csv").unwrap();
    importer.csv(":ID(R)\tname\t:LABEL\n1\tÅmål\tRegion\n".replace('\t', ",").as_bytes(), "r.csv").unwrap();
    importer.csv(":START_ID(P),:END_ID(R),:TYPE,w:double\n1,1,VISITS,0.5\n".as_bytes(), "e.csv").unwrap();
    let first = importer.finish().unwrap().freeze().unwrap();
    assert_eq!(first.node_property(NodeId(0), first.key_id("born").unwrap()), PropertyRef::Int(1970));
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    export_csv(&first, &mut nodes, &mut edges).unwrap();
    let mut importer = Importer::new();
    importer.csv(nodes.as_slice(), "n.csv").unwrap();
    importer.csv(edges.as_slice(), "e.csv").unwrap();
    let second = importer.finish().unwrap().freeze().unwrap();
    assert_eq!(first.as_bytes(), second.as_bytes());
}

#[test]
fn errors_name_the_line_and_the_remedy() {
    for (text, part) in [
        ("\n{\"type\":\"node\",\"labels\":[]}", "in.jsonl, line 2: a node needs its `id`"),
        ("{\"type\":\"node\",\"id\":1}\n{\"type\":\"node\",\"id\":\"1\"}", "line 2: there is a node `1` already"),
        ("{\"src\":1,\"dst\":2,\"type\":\"R\"}", "line 1: there is no node `1`; nodes, and files"),
        ("{\"type\":", "line 1: column 8"),
        ("[1]", "an object, one a line"),
        ("{\"x\":1}", "neither a node"),
    ] {
        let error = jsonl(text).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let csv = |text: &str| Importer::new().csv(text.as_bytes(), "x.csv").unwrap_err().to_string();
    assert!(csv("a,b\n1,2\n").contains("x.csv, line 1: the header names neither"));
    assert!(csv(":ID,n:int\n1,2\n2,x\n").contains("x.csv, line 3: `x` in the column `n` is no whole number"));
    assert!(csv(":ID,n\n1\n").contains("line 2: it has 1 cells"));
    assert!(csv(":ID,n:fish\n").contains("`fish`"));
    assert!(csv(":START_ID,:TYPE\n").contains(":END_ID"));
    assert!(Importer::new().csv(b":ID,n\n1,\xff\n".as_slice(), "x.csv").is_err());
}

#[test]
fn hostile_lines_end_in_errors() {
    let deep =
        format!("{{\"type\":\"node\",\"id\":1,\"properties\":{{\"a\":{}1{}}}}}", "[".repeat(9000), "]".repeat(9000));
    assert!(jsonl(&deep).is_err());
    let nested =
        format!("{{\"type\":\"node\",\"id\":1,\"properties\":{{\"a\":{}1{}}}}}", "[".repeat(100), "]".repeat(100));
    assert!(check(&jsonl(&nested).unwrap()).is_sound());
    assert!(jsonl("{\"type\":\"node\",\"id\":1e999}").is_err());
}
