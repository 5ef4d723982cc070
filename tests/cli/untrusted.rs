//! Text from documents is untrusted wherever it lands.

use super::Room;

/// A page whose words try what they can: a terminal's title and colours, C1 controls, a script, a formula, words that
/// run backwards, DOT's own escapes, the marks of Markdown.
const HOSTILE: &str = "Vetlanda kommun är partner till =HYPERLINK(\"http://ond.example\") Kalmar kommun.\n\n\
    \u{1b}]0;title\u{7}Vetlanda \u{1b}[31mkommun\u{1b}[0m är partner till <script>alert(1)</script> Hultsfreds kommun.\n\n\
    Vetlanda kommun är partner till \u{202e}nummok sdnaL\u{202c} Lunds kommun och \u{9b}31mTurku | *a* \\N.\n\n\
    Föreningen \"=1+1 \\G <b>Hamn</b>\" är medlem i Smålands Hamnar.\n";

fn hostile() -> Room {
    let room = Room::new();
    room.write("docs/a.txt", HOSTILE);
    room.write("docs/=cmd|' !A0\u{202e}.txt", HOSTILE);
    room.write("docs/b.html", "<title>=1+1 <script>alert(1)</script></title><p>Vetlanda kommun är partner till &lt;script&gt;alert(2)&lt;/script&gt; &#27;[31m Kalmar kommun.</p>");
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "");
    room
}

fn harmless(what: &str, text: &str) {
    let bad = |c: char| {
        c.is_control() && !matches!(c, '\n' | '\t' | '\r')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
    };
    if let Some(c) = text.chars().find(|&c| bad(c)) {
        panic!("{what} lets {c:?} through:\n{}", text.escape_debug());
    }
}

#[test]
fn no_form_lets_a_control_or_an_override_through() {
    let room = hostile();
    let all =
        "MATCH (d:Document)-[m]->(n) OPTIONAL MATCH (n)-[r]-(o) RETURN d, d.name, d.title, n, r, o, evidence(r) AS e";
    for form in ["table", "json", "jsonl", "csv", "tsv", "markdown", "dot"] {
        let outcome = room.run(&["query", "g.samband", all, "--format", form]).is(0, "Vetlanda", "");
        harmless(form, &outcome.out);
        harmless(form, &outcome.err);
    }
    for arguments in [
        vec!["export", "g.samband", "--format", "jsonl"],
        vec!["export", "g.samband", "--format", "csv"],
        vec!["export", "g.samband", "--format", "dot"],
        vec!["why", "g.samband", "Vetlanda kommun", "any", "Kalmar kommun"],
        vec!["whynot", "g.samband", "Vetlanda kommun", "any", "Kalmar kommun"],
        vec!["conflicts", "g.samband"],
        vec!["review", "g.samband"],
        vec!["query", "g.samband", "what is Vetlanda kommun"],
        vec!["query", "g.samband", "what is Vetl\u{1b}[31m"],
        vec!["query", "g.samband", "EXPLAIN who are the partners of Vetlanda kommun"],
        vec!["remove", "g.samband", "=cmd|' !A0\u{1b}[31m.txt"],
        vec!["query", "no\u{1b}[31mfile", "RETURN 1"],
    ] {
        let outcome = room.run(&arguments);
        harmless(&arguments.join(" "), &outcome.out);
        harmless(&arguments.join(" "), &outcome.err);
    }
    let outcome = room.run_with(&["extract", "--stdin"], HOSTILE).is(0, "", "");
    harmless("extract", &outcome.out);
    let outcome =
        room.run_with(&["pipe", "g.samband"], format!("{{\"id\":1,\"statement\":{}}}", serde_json::json!(all)));
    harmless("pipe", &outcome.out);
}

#[test]
fn spreadsheets_markdown_and_graphviz_find_no_commands() {
    let room = hostile();
    let names = "MATCH (d:Document) RETURN d.name AS name, d.title AS title, '=1+1' AS formula, '@x' AS at, -5 AS n, '<b>|`' AS m";
    let csv = room.run(&["query", "g.samband", names, "--format", "csv"]).is(0, "'=1+1,'@x,-5,", "");
    for field in csv.out.lines().skip(1).flat_map(|l| l.split(',')) {
        assert!(!field.trim_start_matches('"').starts_with(['=', '@', '+']), "{field} in\n{}", csv.out);
    }
    let markdown = room.run(&["query", "g.samband", names, "--format", "markdown"]).is(0, "&lt;b&gt;\\|\\`", "");
    assert!(!markdown.out.contains("<script") && !markdown.out.contains("<b>"), "{}", markdown.out);
    room.run(&["export", "g.samband", "-o", "g.dot"]).is(0, "", "");
    let dot = String::from_utf8(room.read("g.dot")).unwrap();
    for line in dot.lines() {
        assert_eq!(line.replace("\\\\", "").replace("\\\"", "").matches('"').count() % 2, 0, "{line}");
    }
    // Graphviz itself, where there is one.
    match std::process::Command::new("dot").args(["-Tsvg", "g.dot", "-o", "g.svg"]).current_dir(room.path("")).output()
    {
        Ok(output) => {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let svg = String::from_utf8(room.read("g.svg")).unwrap();
            assert!(!svg.contains("<script") && !svg.contains("<b>"));
        }
        Err(_) => eprintln!("SKIPPED: there is no Graphviz here"),
    }
}

#[test]
fn documents_that_are_strange_are_read_in_bounded_time() {
    let room = Room::new();
    room.write("docs/line.txt", format!("Vetlanda kommun är partner till Kalmar kommun. {}", "ord ".repeat(60_000)));
    room.write(
        "docs/deep.html",
        format!("{}Vetlanda kommun är partner till Kalmar kommun.{}", "<div>".repeat(20_000), "</div>".repeat(20_000)),
    );
    room.write(
        "docs/quotes.md",
        format!("{}x\n\nVetlanda kommun är partner till Kalmar kommun.\n", "> ".repeat(3_000)),
    );
    room.write("docs/latin.txt", b"Vetlanda kommun \xe4r partner till Kalmar kommun.\n");
    room.write("docs/empty.txt", "");
    room.write(
        "docs/wide.txt",
        "Vetlanda kommun är partner till Kalmar kommun.\n".encode_utf16().flat_map(u16::to_le_bytes).fold(
            vec![0xff, 0xfe],
            |mut v, b| {
                v.push(b);
                v
            },
        ),
    );
    let started = std::time::Instant::now();
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "");
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    let why =
        room.run(&["why", "g.samband", "Vetlanda kommun", "PARTNERS_WITH", "Kalmar kommun"]).is(0, "latin.txt", "");
    assert!(why.out.contains("wide.txt"), "{}", why.out);
}
