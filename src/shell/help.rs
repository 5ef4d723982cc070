//! What `:help` says. The examples run on the open graph where it holds the names.

/// The topics and their texts.
pub(super) const TOPICS: [(&str, &str); 4] = [
    (
        "",
        "Ask in words, or write a pattern:\n\
         \x20 which partners link Luleå to Austin          who works for Luleå kommun\n\
         \x20 which actors are members of \"Bothnian Arc\"   which events take place in Seattle\n\
         \x20 how is A linked to B        what is A        show A within 2 steps        why is A linked to B\n\
         \x20 MATCH (a)-[r:PARTNERS_WITH]-(b) RETURN a, b LIMIT 10\n\
         \x20 EXPLAIN before a question shows the pattern behind it\n\n\
         :help questions · :help match · :help commands\n",
    ),
    (
        "questions",
        "Questions (A, B are names, in quotes or bare; T is a noun: actors, partners, people, companies, projects, events …)\n\
         \x20 which T link A to B [within N steps] [via R] [without C]\n\
         \x20 how is A linked to B · what do A and B share\n\
         \x20 who are the partners of A · which T are members of A · who works for A · who leads A\n\
         \x20 which T are party to A · which agreements cover A · which events take place in A · where is A\n\
         \x20 who owns A · who founded A · who funds A · who organises A · who visits A · what does A visit\n\
         \x20 how many T … · top 10 T by partners · which T do not … · which T without R\n\
         \x20 what is A · show A · why does A R B · why is A linked to B\n\
         suffixes: in REGION · since 2018 · before 2020 · during 2018 · planned · ended · including ended\n\
         \x20 from DOCUMENT · with at least N documents · limit N\n\
         Also in Swedish (vilka partner länkar Luleå till Austin) and Finnish (mitkä kumppanit yhdistävät Luulajan Austiniin).\n",
    ),
    (
        "match",
        "Patterns are openCypher, the read side:\n\
         \x20 MATCH (p:Person)-[r:WORKS_FOR]->(o) WHERE o.name = 'Luleå kommun' RETURN p.name, r.role\n\
         \x20 MATCH p = ANY SHORTEST (a)-[*]-(b) WHERE a = entity('Luleå') AND b = entity('Austin') RETURN p\n\
         \x20 MATCH (n) WHERE n.name ~ 'goteborg' RETURN n\n\
         \x20 MATCH (a)-[r]->(b) WHERE r.documents > 1 UNWIND evidence(r) AS e RETURN a, type(r), b, e.sentence\n\
         Labels: :schema lists them. Relations: PARTNERS_WITH MEMBER_OF PART_OF LOCATED_IN WORKS_FOR FOUNDED OWNS\n\
         \x20 PARTY_TO COVERS TAKES_PART_IN ORGANISES VISITS FUNDS\n\
         Every relation has modality, since, until, date, role, basis, documents.\n\
         EXPLAIN and PROFILE before a statement show its plan.\n",
    ),
    (
        "commands",
        ":help [questions|match|commands]   what can be asked\n\
         :schema              labels and relations with their numbers\n\
         :find NAME           entities by name\n\
         :show NAME           what is known of an entity\n\
         :why N               the sentences behind row N of the last answer\n\
         :dot FILE            draws the last answer for Graphviz\n\
         :mode FORM           table, json, jsonl, csv, tsv, markdown, dot\n\
         :param NAME VALUE    binds $NAME\n\
         :limit N             shows at most N rows (0: all)\n\
         :timer               tells how long each answer took\n\
         :explain STATEMENT   the pattern and the plan, without running it\n\
         :profile STATEMENT   runs it and tells rows and time of each step\n\
         :last                the last answer again\n\
         :save NAME           saves the last statement as a query\n\
         :run NAME [a=VALUE]  runs a saved query (here, in ./queries or in the data folder)\n\
         :history             what was typed\n\
         :quit                leaves\n",
    ),
];

/// The text of a topic.
pub(super) fn text(topic: &str) -> Option<&'static str> {
    TOPICS.iter().find(|t| t.0 == topic).map(|t| t.1)
}
