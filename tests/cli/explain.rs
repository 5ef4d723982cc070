//! Commands that say why: evidence, near misses, disagreement, differences, doubtful names, rules.

use super::{Room, graph_room};

#[test]
fn why_gives_each_sentence_with_its_document_place_and_rule() {
    let room = graph_room();
    let outcome = room.run(&["why", "g.samband", "kalmar kommun", "partners with", "vetlanda kommun"]);
    let outcome =
        outcome.is(0, "“Vetlanda kommun är partner till Kalmar kommun.”", "").is(0, "samarbete.md, bytes ", "");
    assert!(outcome.out.contains("sv/partner."), "{}", outcome.out);
    let members =
        room.run(&["why", "g.samband", "Kalmar kommun", "any", "Smålands Hamnar"]).is(0, "hamnar/avtal.html", "");
    assert!(members.out.contains("samarbete.md"), "both documents: {}", members.out);
    room.run(&["why", "g.samband", "Kalmar kommun", "any", "Nowhere"]).is(1, "", "no entity is called `Nowhere`");
}

#[test]
fn whynot_says_what_stood_in_the_way() {
    let room = graph_room();
    room.run(&["whynot", "g.samband", "Emma Ekdahl", "any", "Turun kaupunki"]).is(0, "no document names both", "");
    room.run(&["whynot", "g.samband", "Kalmar kommun", "MEMBER_OF", "Smålands Hamnar"]).is(0, "it is said: ", "");
    room.run(&["whynot", "g.samband", "Emma Ekdahl", "OWNS", "Kalmar kommun"]).is(0, "document", "");
    room.run(&["whynot", "g.samband", "Emma Ekdahl", "LOVES", "Kalmar kommun"]).is(1, "", "is no relation");
}

#[test]
fn documents_that_disagree_are_listed() {
    let room = graph_room();
    room.run(&["conflicts", "g.samband"]).is(0, "no two documents disagree", "");
    let room = Room::new();
    room.write("docs/a.txt", "Sedan 2014 samarbetar Vetlanda kommun med Kalmar kommun.\n");
    room.write("docs/b.txt", "Sedan 2016 samarbetar Vetlanda kommun med Kalmar kommun.\n");
    let outcome = room.run(&["conflicts", "docs"]).is(0, "since 2014", "");
    assert!(outcome.out.contains("since 2016") && outcome.out.contains("a.txt"), "{}", outcome.out);
}

#[test]
fn a_difference_tells_facts_gained_and_lost() {
    let room = graph_room();
    room.run(&["diff", "g.samband", "g.samband"]).is(0, "the same facts", "");
    room.write(
        "new/a.txt",
        "Vetlanda kommun är partner till Kalmar kommun. Hultsfreds kommun är partner till Kalmar kommun.\n",
    );
    let outcome = room.run(&["diff", "g.samband", "new"]).is(0, "- Emma Ekdahl ─WORKS_FOR→ Vetlanda kommun", "");
    assert!(outcome.out.lines().any(|l| l.starts_with("+ ") && l.contains("Hultsfreds kommun")), "{}", outcome.out);
    room.run(&["diff", "g.samband", "none"]).is(3, "", "none");
}

#[test]
fn doubtful_names_are_listed_as_lines_of_a_decisions_file() {
    let room = Room::new();
    room.write("docs/a.txt", "Per-Olov Granström är rektor på Kalmar kommun.\n");
    room.write("docs/b.txt", "Per-Olov Granstrom är rektor på Kalmar kommun.\n");
    room.run(&["build", "docs", "-o", "g.samband"]).is(0, "", "");
    let outcome = room.run(&["review", "g.samband"]).is(0, "same \"Per-Olov Gran", "");
    room.write("decisions", outcome.out);
    room.run(&["build", "docs", "-o", "d.samband", "--decisions", "decisions"]).is(0, "", "");
    room.run(&["query", "d.samband", "MATCH (p:Person) RETURN count(p) AS n"]).is(0, "n\n1\n", "");
    room.run(&["review", "d.samband"]).is(0, "no pair of names is in doubt", "");
    graph_room().run(&["review", "g.samband"]).is(0, "", "");
}

#[test]
fn one_document_from_stdin_becomes_json_lines() {
    let room = Room::new();
    let read = |arguments: &[&str], text: &str| room.run_with(arguments, text);
    let outcome = read(&["extract", "--stdin"], "Vetlanda kommun är partner till Kalmar kommun.\n").is(0, "", "");
    let lines: Vec<serde_json::Value> = outcome.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let fact = lines.iter().find(|l| l["label"] == "PARTNERS_WITH").expect("the fact");
    assert_eq!(fact["evidence"][0]["sentence"], "Vetlanda kommun är partner till Kalmar kommun.");
    let page = "<h1>Nytt</h1><script>Vetlanda kommun är partner till Malmö stad.</script><p>Vetlanda kommun är partner till Kalmar kommun.</p>";
    let outcome = read(&["extract", "--stdin", "--name", "page.html"], page).is(0, "Kalmar kommun", "");
    assert!(!outcome.out.contains("Malmö"), "scripts are no text: {}", outcome.out);
    read(&["extract", "--stdin"], "").is(3, "", "stdin.txt is empty");
}

#[test]
fn rules_are_tested_and_linted() {
    let room = Room::new();
    // What the built-in rules promise is the business of their own tests; here, that each sentence is reported.
    let outcome = room.run(&["rules", "test"]);
    assert!(outcome.out.contains(" sentences, ") && matches!(outcome.code, 0 | 1), "{}", outcome.out);
    room.run(&["rules", "lint"]).is(0, " remarks", "");
    room.write("wrong.rules", "language sv \"Svenska\";\nclass %fika = fikar ;\nrule mine.fika \"X fikar med Y\" {\n  when %fika ;\n  from : Actor left within clause ;\n  to : Actor right after med ;\n  emit PARTNERS_WITH(from, to) ;\n  test \"Ekby kommun fikar med Norrviks kommun.\" => OWNS(\"Ekby kommun\", \"Norrviks kommun\") ;\n}\n");
    room.run(&["rules", "test", "wrong.rules"]).is(1, "mine.fika", "");
}
