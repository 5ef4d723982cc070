use super::RuleSet;
use super::engine::{Dated, End, Outcome, Said};
use super::fixture::Marked;
use super::seq::Scratch;
use crate::model::Lang;

const SV: &str = r#"language sv;
paradigm verb1 { pres: -ar inf: -a past: -ade -at -as -ades }
inflect verb1 %samarbeta = samarbet | samverk ;
inflect verb1 %grunda = grund ;
paradigm verb2 { pres: -er inf: -a past: -te -t }
inflect verb2 %besöka = besök | träff ;
class %adposition = i | på | med | av | från | till | för | om | hos | mellan | under | sedan | inom ;
class %relative = som | vilka ;
class %conjunction = och | samt | men ;
class %infinitive = att ;
class %auxiliary = har | hade | är | ska | kommer | kan | vill ;
class %since = sedan | från ;
class %head = vd | "verkställande direktör" | rektor ;
cue negated = inte | ej unless "inte bara" ;
cue planned = ska | kommer .. att | planerar ;
cue ended = tidigare ;
rule partner.cooperate "X samarbetar med Y" {
  when %samarbeta ;
  from : Actor|Region left within clause each ;
  to   : Actor|Region right after med each ;
  unless %samarbeta om ;
  emit PARTNERS_WITH(from, to) ;
}
rule member "X är medlem i Y" {
  when medlem ; from : Actor|Region left each ; to : Organisation right after i each ;
  emit MEMBER_OF(from, to) ;
}
rule visit "X besöker Y" {
  when %besöka ; from : Actor|Region left each ; to : Actor|Region right each ; emit VISITS(from, to) ;
}
rule founded "X grundades av Y" {
  when %grunda ; to : Organisation left ; from : Actor right after av each ; emit FOUNDED(from, to) ;
}
rule party "avtal mellan A och B" {
  when avtal mellan ; it : Agreement at ; who : Actor|Region right after mellan each ;
  emit PARTY_TO(who, it), PARTNERS_WITH(who, who) ;
}
apposition <Person> "," %head "på"? <Actor> => WORKS_FOR(person, actor) with role = %head ;
rule office "kontor i Y" { when kontor ; from : publisher ; to : Region right after i each ; emit LOCATED_IN(from, to) ; }
rule takes "X deltar" { when deltar i ; from : Actor left or publisher ; emit TAKES_PART_IN(from, event) ; }
"#;

const FI: &str = r#"language fi;
class %tehda = tekee | tekevät | teemme:we ;
class %adposition = kanssa | välillä | ennen ;
class %conjunction = ja | sekä ;
class %relative = joka | jotka ;
cue negated = ei | eivät ;
rule partner.cooperate "X tekee yhteistyötä Y:n kanssa" {
  when %tehda .. yhteistyötä | yhteistyötä .. %tehda ;
  from : Actor|Region left case nom each ;
  to   : Actor|Region any case gen before kanssa each ;
  emit PARTNERS_WITH(from, to) ;
}
"#;

fn run(marked: &str, dates: &[(&str, &str, Said)]) -> (Marked, Outcome) {
    let set = RuleSet::default().with(&[("sv", SV), ("fi", FI)]).unwrap_or_else(|e| panic!("{e}"));
    let lang = if marked.starts_with("fi ") { Lang::Fi } else { Lang::Sv };
    let m = Marked::new(marked.strip_prefix("fi ").unwrap_or(marked));
    let dates: Vec<Dated> = dates
        .iter()
        .map(|(form, value, said)| {
            let byte = m.text.find(form).unwrap() as u32;
            let at = m.tokens.partition_point(|t| t.start < byte);
            let end = m.tokens.partition_point(|t| t.start < byte + form.len() as u32);
            Dated { tokens: at..end, value: value.parse().unwrap(), said: *said }
        })
        .collect();
    let rules = set.lang(lang).unwrap();
    let outcome = rules.read(&m.view(lang), &rules.hits(&m.tokens), &dates, &mut Scratch::default());
    (m, outcome)
}

/// The facts as text: `Luleå PARTNERS_WITH Austin negated`.
fn facts(marked: &str) -> Vec<String> {
    let (m, out) = run(marked, &[]);
    let end = |e: End| match e {
        End::Mention(i) => m.form(&m.mentions[i].tokens).to_owned(),
        End::Context(c) => format!("{c:?}").to_lowercase(),
    };
    out.found
        .iter()
        .map(|f| {
            let role = f.role.as_ref().map_or(String::new(), |r| format!(" role {r}"));
            let modality = if f.modality.word() == "asserted" { "" } else { f.modality.word() };
            let all = format!("{} {} {} {modality}{role}", end(f.from), f.relation, end(f.to));
            all.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

fn check(marked: &str, expected: &[&str]) {
    assert_eq!(facts(marked), expected, "{marked}");
}

#[test]
fn slots_take_side_marker_and_group() {
    check(
        "[Ekby|City] och [Norrvik|City] samarbetar med [Japan|Country].",
        &["Ekby PARTNERS_WITH Japan", "Norrvik PARTNERS_WITH Japan"],
    );
    check("[Ekby|City] samarbetar om avfall med [Norrvik|City].", &[]);
    check("[Ekby|City] samarbetar i [Japan|Country] med frågor.", &[]);
    check("[Ekby|City] samarbetar med den japanska staden [Kobe|City].", &["Ekby PARTNERS_WITH Kobe"]);
}

#[test]
fn verb_second_puts_the_subject_behind_the_verb() {
    check(
        "Som ett led i arbetet samarbetar [Malmö|City] sedan ett par år med [Japan|Country].",
        &["Malmö PARTNERS_WITH Japan"],
    );
    check("I våras besökte [Ekby|City] [Kobe|City].", &["Ekby VISITS Kobe"]);
    check("I [Japan|Country] samarbetar [Malmö|City] med [Kobe|City].", &["Malmö PARTNERS_WITH Kobe"]);
    check("Borgmästaren besökte [Kobe|City].", &[]);
}

#[test]
fn subjects_come_from_the_clause_before_and_the_antecedent() {
    check(
        "[Ekby|City] är medlem i [Nordbron|Association] // och samarbetar med [Japan|Country].",
        &["Ekby MEMBER_OF Nordbron", "Ekby PARTNERS_WITH Japan"],
    );
    check(
        "I stan finns [Nordbron|Association] // som samarbetar med [Japan|Country].",
        &["Nordbron PARTNERS_WITH Japan"],
    );
    check(
        "[Malmö|City] , // som ligger i [Skåne|Province] , // samarbetar med [Japan|Country].",
        &["Malmö PARTNERS_WITH Japan"],
    );
    check("[Nordbron|Association] , // som [Ekby|City] är medlem i , // växer.", &["Ekby MEMBER_OF Nordbron"]);
    check("[Ekby|City] växer . // därför ökar samarbetet , // när företag samarbetar med [Japan|Country].", &[]);
    check("[Ekby|City] besökte [Kobe|City] // och träffade även [Nara|City].", &["Ekby VISITS Kobe"]);
}

#[test]
fn cues_hold_within_their_clause_and_over_infinitives() {
    check("[Ekby|City] samarbetar inte längre med [Kobe|City].", &["Ekby PARTNERS_WITH Kobe negated"]);
    check("[Ekby|City] samarbetar inte bara med [Kobe|City].", &["Ekby PARTNERS_WITH Kobe"]);
    check("[Ekby|City] kommer // att besöka [Kobe|City].", &["Ekby VISITS Kobe planned"]);
    check(
        "[Ekby|City] ska besöka [Kobe|City] // och träffa [Nara|City].",
        &["Ekby VISITS Kobe planned", "Ekby VISITS Nara planned"],
    );
    check("[Ekby|City] planerar en fest // och samarbetar med [Kobe|City].", &["Ekby PARTNERS_WITH Kobe"]);
}

#[test]
fn postpositions_and_cases_serve_finnish() {
    check(
        "fi [Oulun kaupunki|PublicBody] tekee yhteistyötä [Luulajan kaupungin|PublicBody:gen] kanssa.",
        &["Oulun kaupunki PARTNERS_WITH Luulajan kaupungin"],
    );
    check(
        "fi [Oulu|City] ja [Kemi|City] tekevät [Luulajan|City:gen] ja [Tromssan|City:gen] kanssa yhteistyötä.",
        &[
            "Oulu PARTNERS_WITH Luulajan",
            "Oulu PARTNERS_WITH Tromssan",
            "Kemi PARTNERS_WITH Luulajan",
            "Kemi PARTNERS_WITH Tromssan",
        ],
    );
    check("fi Teemme yhteistyötä [Oulun|City:gen] kanssa.", &["publisher PARTNERS_WITH Oulun"]);
    check("fi [Oulu|City] tekee yhteistyötä [Kemin|City:gen] alueella.", &[]);
}

#[test]
fn pairs_slots_at_the_trigger_and_context() {
    check(
        "Ett [avtal|Contract] mellan [Ekby|City] och [Kobe|City].",
        &["Ekby PARTY_TO avtal", "Ekby PARTNERS_WITH Kobe", "Kobe PARTY_TO avtal"],
    );
    check("Vårt kontor i [Kobe|City] växer.", &["publisher LOCATED_IN Kobe"]);
    check("Alla deltar i resan.", &["publisher TAKES_PART_IN event"]);
    check("[Nordbron|Association] grundades av [Ekby kommun|PublicBody].", &["Ekby kommun FOUNDED Nordbron"]);
}

#[test]
fn appositions_are_patterns_with_captures() {
    check(
        "– Det går bra, säger [Ulla Ek|Person], verkställande direktör [Ekbacken AB|Company].",
        &["Ulla Ek WORKS_FOR Ekbacken AB role verkställande direktör"],
    );
    check(
        "[Ulla Ek|Person], rektor på [Norrviks universitet|University]",
        &["Ulla Ek WORKS_FOR Norrviks universitet role rektor"],
    );
}

#[test]
fn dates_say_since_or_when() {
    let text = "[Ekby|City] samarbetar sedan 2014 med [Kobe|City].";
    let (_, out) = run(text, &[("2014", "2014", Said::At)]);
    assert_eq!(out.found[0].since.as_ref().unwrap().as_str(), "2014");
    let (_, out) = run("Den 4 maj 2021 besökte [Ekby|City] [Kobe|City].", &[("4 maj 2021", "2021-05-04", Said::At)]);
    assert_eq!(out.found[0].date.as_ref().unwrap().as_str(), "2021-05-04");
    let (_, out) = run("[Ekby|City] samarbetar 2018 med [Kobe|City].", &[("2018", "2018/2021", Said::At)]);
    assert_eq!(out.found[0].until.as_ref().unwrap().as_str(), "2021");
}

#[test]
fn a_near_miss_names_what_failed() {
    let (_, out) = run("[Ekby|City] samarbetar i [Japan|Country].", &[]);
    assert_eq!(out.misses.len(), 1);
    assert_eq!(out.misses[0].failed, "nothing fills `to : Actor|Region right after med each`");
    let (_, out) = run("[Ekby|City] samverkar om vatten med [Kobe|City].", &[]);
    assert_eq!(out.misses[0].failed, "`unless %samarbeta om` stands there");
}

#[test]
fn any_sentence_ends_in_time() {
    let many = "[Ekby|City] samarbetar med [Kobe|City] , ".repeat(300);
    let t = std::time::Instant::now();
    let (_, out) = run(&many, &[]);
    assert!(out.found.len() <= 1000);
    assert!(t.elapsed().as_secs() < 20);
}
