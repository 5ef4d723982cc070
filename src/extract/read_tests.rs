//! Small documents of our own, in the languages that the project reads.

use std::sync::LazyLock;

use super::read;
use super::rules::RuleSet;
use crate::model::{Kind, Reading, Relation, Type};
use crate::source::read_bytes;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::builtin().unwrap());

fn reading(text: &str) -> Reading {
    let reading = read(&read_bytes("a.txt", text.as_bytes()).unwrap(), &RULES);
    for m in &reading.mentions {
        let at = m.span.start as usize..m.span.end as usize;
        assert_eq!(&text[at], m.form, "a mention is where it says");
    }
    for o in &reading.observations {
        assert_eq!(&text[o.span.start as usize..o.span.end as usize], o.sentence, "the evidence is the sentence");
    }
    reading
}

fn names(reading: &Reading) -> Vec<(Type, &str)> {
    reading.entities.iter().map(|e| (e.ty, e.name.as_str())).collect()
}

#[track_caller]
fn has(text: &str, wanted: &[(Type, &str)]) {
    let reading = reading(text);
    for w in wanted {
        assert!(names(&reading).contains(w), "{w:?} is not among {:?}", names(&reading));
    }
}

#[track_caller]
fn exactly(text: &str, wanted: &[(Type, &str)]) {
    assert_eq!(names(&reading(text)), wanted);
}

fn facts(reading: &Reading) -> Vec<(&str, Relation, &str, Option<&str>)> {
    let name = |i: u32| reading.entities[i as usize].name.as_str();
    reading.observations.iter().map(|o| (name(o.from.0), o.relation, name(o.to.0), o.role.as_deref())).collect()
}

#[track_caller]
fn says(text: &str, wanted: &[(&str, Relation, &str, Option<&str>)]) {
    let reading = reading(text);
    for w in wanted {
        assert!(facts(&reading).contains(w), "{w:?} is not among {:#?}", facts(&reading));
    }
}

#[test]
fn a_body_and_its_place_are_two() {
    exactly(
        "Luleå kommun har bjudit in Oulu. I Luleå väntar man på svar.",
        &[(Type::PublicBody, "Luleå kommun"), (Type::City, "Oulu"), (Type::City, "Luleå")],
    );
}

#[test]
fn the_first_word_of_a_sentence_is_no_name() {
    exactly("Föreningen växer. Samarbetet går bra. Även Malmö är med.", &[(Type::City, "Malmö")]);
    exactly("Yhteistyö jatkuu. Myös Oulu on mukana.", &[(Type::City, "Oulu")]);
}

#[test]
fn genitives_go_from_the_head_only() {
    has(
        "I Göteborgs Stads program nämns Malmö stads plan.",
        &[(Type::PublicBody, "Göteborgs Stad"), (Type::PublicBody, "Malmö stad")],
    );
    has(
        "Kanta-Hämeen liiton ja Oulun kaupungin hanke alkaa.",
        &[(Type::PublicBody, "Kanta-Hämeen liitto"), (Type::PublicBody, "Oulun kaupunki")],
    );
}

#[test]
fn heads_are_shared() {
    has(
        "Mötet hölls av Vingåkers och Flens kommuner.",
        &[(Type::PublicBody, "Vingåkers kommun"), (Type::PublicBody, "Flens kommun")],
    );
    has(
        "Mukana olivat Pohjanmaan, Etelä-Pohjanmaan ja Keski-Pohjanmaan liitot.",
        &[
            (Type::PublicBody, "Pohjanmaan liitto"),
            (Type::PublicBody, "Etelä-Pohjanmaan liitto"),
            (Type::PublicBody, "Keski-Pohjanmaan liitto"),
        ],
    );
}

#[test]
fn quotes_after_a_head_take_its_type() {
    has(
        "De deltar i projektet ”Varmt vatten” och på konferensen ”Hamnar i norr”.",
        &[(Type::Project, "Varmt vatten"), (Type::Conference, "Hamnar i norr")],
    );
}

#[test]
fn a_person_is_one_under_surname_and_full_name() {
    let reading = reading("Karin Ljungdahl är vd. I går sade Ljungdahl att hon trivs.");
    let persons: Vec<&str> =
        reading.entities.iter().filter(|e| e.ty == Type::Person).map(|e| e.name.as_str()).collect();
    assert_eq!(persons, ["Karin Ljungdahl"]);
    assert_eq!(reading.mentions.len(), 2);
}

#[test]
fn acronyms_in_brackets_are_aliases() {
    let reading = reading("Norrviks tekniska universitet (NTU) växer. NTU har en ny rektor.");
    assert_eq!(names(&reading), [(Type::University, "Norrviks tekniska universitet")]);
    assert_eq!(reading.entities[0].aliases, ["NTU"]);
}

#[test]
fn an_acronym_is_the_body_with_these_first_letters() {
    let reading = reading("Föreningen Norrviks Båt och Kanot bildades i går. Nu söker NBK nya medlemmar till Luleå.");
    let bodies: Vec<&str> =
        reading.entities.iter().filter(|e| e.ty.kind() == Kind::Actor).map(|e| e.name.as_str()).collect();
    assert_eq!(bodies, ["Föreningen Norrviks Båt och Kanot"]);
}

#[test]
fn a_phrase_is_a_name_where_the_text_says_what_it_is() {
    has(
        "Vatten utan gränser\n\nVatten utan gränser är ett treårigt projekt om åar. Det leds av Luleå kommun.",
        &[(Type::Project, "Vatten utan gränser"), (Type::PublicBody, "Luleå kommun")],
    );
}

#[test]
fn a_legal_form_makes_no_second_company() {
    let reading = reading("Norrviks Energi AB bygger. I dag säger Norrviks Energi att det går bra.");
    assert_eq!(names(&reading), [(Type::Company, "Norrviks Energi AB")]);
}

#[test]
fn rows_of_persons() {
    says(
        "Deltagare:\nOskar Lindvall, Luleå kommun\nMaja Berglund, projektledare, Norrvik Energi AB\n",
        &[
            ("Oskar Lindvall", Relation::WorksFor, "Luleå kommun", None),
            ("Maja Berglund", Relation::WorksFor, "Norrvik Energi AB", Some("projektledare")),
        ],
    );
    says(
        "Mukana matkalla olivat\nProjektipäällikkö Matti Virtanen, Oulun yliopisto\nAnna Korhonen, Kemin kaupunki\n",
        &[
            ("Matti Virtanen", Relation::WorksFor, "Oulun yliopisto", Some("Projektipäällikkö")),
            ("Anna Korhonen", Relation::WorksFor, "Kemin kaupunki", None),
        ],
    );
}

#[test]
fn a_contact_works_for_the_publisher() {
    says(
        "Luleå kommun\n\nNy bro invigd\n\nBron är klar. Alla är nöjda med den.\n\nKontakt\n\nMaja Berglund, enhetschef\n0920-45 30 00\n",
        &[("Maja Berglund", Relation::WorksFor, "Luleå kommun", Some("enhetschef"))],
    );
}

#[test]
fn we_is_the_body_that_publishes() {
    says(
        "Vi på Norrvik Energi AB tror på framtiden och bygger för många år framåt. Vi samarbetar också med Luleå kommun.",
        &[("Norrvik Energi AB", Relation::PartnersWith, "Luleå kommun", None)],
    );
}

#[test]
fn a_definite_noun_is_the_last_of_its_kind() {
    says(
        "I fjol bildades föreningen Nordanvind. Föreningen samarbetar med Oulu.",
        &[("Nordanvind", Relation::PartnersWith, "Oulu", None)],
    );
}

#[test]
fn a_delegation_is_the_place_that_it_comes_from() {
    says(
        "En delegation från Luleå reste till USA. Delegationen besökte Austin.",
        &[("Luleå", Relation::Visits, "Austin", None)],
    );
}

#[test]
fn members_stand_in_a_list() {
    says(
        "Nordanvind är ett nätverk för hamnar i norr.\n\nMedlemmar\n- Luleå kommun\n- Oulun kaupunki\n- Bodø kommune\n",
        &[
            ("Luleå kommun", Relation::MemberOf, "Nordanvind", None),
            ("Bodø kommune", Relation::MemberOf, "Nordanvind", None),
        ],
    );
}

#[test]
fn a_lower_case_university_keeps_its_place_apart() {
    has(
        "Vi har träffat universitetet i Austin.",
        &[(Type::University, "universitetet i Austin"), (Type::City, "Austin")],
    );
}

#[test]
fn compounds_hold_places() {
    has("Luleådelegationen har kommit hem.", &[(Type::City, "Luleå")]);
}

#[test]
fn english_names() {
    has(
        "The City of Bergen and the University of Oulu met in Kemi. Mayor Karin Ljungdahl spoke.",
        &[
            (Type::PublicBody, "City of Bergen"),
            (Type::University, "University of Oulu"),
            (Type::City, "Kemi"),
            (Type::Person, "Karin Ljungdahl"),
        ],
    );
}

#[test]
fn descriptions_without_a_fact_are_no_entities() {
    let reading = reading("Det finns många avtal. Ett samarbetsavtal om hamnar nämndes på Gotland.");
    assert!(reading.entities.iter().all(|e| e.ty.kind() != Kind::Agreement), "{:?}", names(&reading));
}

#[test]
fn every_name_has_a_mention_and_a_word_in_the_text() {
    let text =
        "Hämeenlinnan, Forssan ja Riihimäen kaupungit tapasivat Tarja Lehtosen Pietarissa. EU:n rahoitusta haetaan.";
    let reading = reading(text);
    let lower = text.to_lowercase();
    for (i, e) in reading.entities.iter().enumerate() {
        assert!(reading.mentions.iter().any(|m| m.entity.0 as usize == i), "{} has no mention", e.name);
        let stem = |w: &str| w.to_lowercase().chars().take(4).collect::<String>();
        assert!(e.name.split(' ').any(|w| lower.contains(&stem(w))), "{} is not in the text", e.name);
    }
}

#[test]
fn odd_input_is_read_without_harm() {
    for text in ["X", "A A A A A A A A A A A A A", "((((((a", "”””a", "Å:Ä–Ö", "1 2 3 4 5 a", "\u{feff}\n\n\nÅÄÖ\n"]
    {
        reading(text);
    }
    let long = "Luleå och ".repeat(3_000) + "Oulu.";
    reading(&long);
    reading(&"Anna ".repeat(5_000));
}

#[test]
fn a_list_under_a_plural_noun_is_of_its_type() {
    has(
        "De kommuner som ingår är Partille, Lerum och Ale.",
        &[(Type::Municipality, "Partille"), (Type::Municipality, "Lerum"), (Type::Municipality, "Ale")],
    );
    has(
        "Verkostoon kuuluu yrityksiä, muun muassa Fennotek, Norrmek ja Valkotuote.",
        &[(Type::Company, "Fennotek"), (Type::Company, "Norrmek")],
    );
}

#[test]
fn a_noun_beside_a_name_types_it() {
    has("Vi träffade klustret Björkvind i Umeå.", &[(Type::Association, "Björkvind")]);
    has("Björkvind är ett näringslivsnätverk. I går talade Björkvind i Umeå.", &[(Type::Association, "Björkvind")]);
    has(
        "I Vasa tog Meltek emot oss. Bolaget ägs av Vasa stad.",
        &[(Type::Company, "Meltek"), (Type::PublicBody, "Vasa stad")],
    );
}

/// since, until and date of the first observation of a relation.
fn when(text: &str, relation: Relation) -> [Option<String>; 3] {
    let reading = reading(text);
    let o = reading.observations.iter().find(|o| o.relation == relation);
    let o = o.unwrap_or_else(|| panic!("no {relation:?} among {:?}", facts(&reading)));
    [&o.since, &o.until, &o.date].map(|d| d.as_ref().map(|d| d.as_str().to_owned()))
}

#[test]
fn what_happens_has_a_date_and_what_lasts_a_beginning() {
    let some = |s: &str| Some(s.to_owned());
    let event = when("Konferensen Blå Dagen hölls i Umeå den 4–5 maj 2022.", Relation::LocatedIn);
    assert_eq!(event, [None, None, some("2022-05-04/2022-05-05")]);
    let item =
        when("Norrviks kommun\n\nVänorter\n- Gdynia, Polen, sedan 1978\n- Tartu, Estland", Relation::PartnersWith);
    assert_eq!(item, [some("1978"), None, None]);
    let bracket = when("Norrviks kommun\n\nVänorter\n- Gdynia (1978)\n- Tartu (1991)", Relation::PartnersWith);
    assert_eq!(bracket, [some("1978"), None, None]);
}

#[test]
fn a_report_tells_of_its_year() {
    let text = "Föreningen Gullregn\nÅrsberättelse 2020\n\nÅrsmötet hölls i Gysinge den 4 mars.";
    assert_eq!(when(text, Relation::LocatedIn)[2].as_deref(), Some("2020-03-04"));
}

#[test]
fn the_trip_of_a_page_is_known_before_its_name() {
    says(
        "Luleå reser till Japan\n\nI maj besöker en delegation från Luleå Japan.\n\nResan till Japan börjar i Kobe. Resan till Japan avslutas i Nagoya.",
        &[
            ("Luleå", Relation::TakesPartIn, "Resa till Japan", None),
            ("Resa till Japan", Relation::LocatedIn, "Kobe", None),
            ("Resa till Japan", Relation::LocatedIn, "Nagoya", None),
        ],
    );
}

#[test]
fn a_noun_with_its_place_is_the_one_there() {
    let reading = reading(
        "Sedan många år har Stanford University tagit emot svenska gäster. Luleå kommun samarbetar sedan dess också med universitetet i Austin, och vänskapen växer.",
    );
    let says = facts(&reading);
    assert!(
        says.iter().any(|f| f.1 == Relation::PartnersWith && [f.0, f.2].contains(&"universitetet i Austin")),
        "{says:?}"
    );
    assert!(!says.iter().any(|f| [f.0, f.2].contains(&"Stanford University")), "{says:?}");
}

#[test]
fn persons_of_several_bodies_sign_for_the_one_with_most() {
    says(
        "Rapport från resan\n\nVi besökte Meltek AB i Vasa.\n\nDeltagare\nEva Lund, Norrvik Energi AB\nSven Ek, Norrvik Energi AB\nLi Alm, Umeå universitet",
        &[("Norrvik Energi AB", Relation::Visits, "Meltek AB", None)],
    );
}
