use std::collections::BTreeMap;

use super::*;
use crate::model::*;

/// A reading in the making.
#[derive(Debug, Clone)]
pub(super) struct Doc(pub(super) Reading);

pub(super) fn doc(name: &str) -> Doc {
    Doc(Reading {
        document: DocumentMeta {
            name: name.into(),
            hash: name.bytes().map(u64::from).sum(),
            language: Lang::Sv,
            title: None,
            date: None,
        },
        entities: Vec::new(),
        mentions: Vec::new(),
        observations: Vec::new(),
        near_misses: Vec::new(),
    })
}

impl Doc {
    pub(super) fn dated(mut self, date: &str) -> Doc {
        self.0.document.date = Some(date.parse().unwrap());
        self
    }

    pub(super) fn lang(mut self, lang: Lang) -> Doc {
        self.0.document.language = lang;
        self
    }

    pub(super) fn add(&mut self, ty: Type, name: &str, aliases: &[&str], generic: bool) -> LocalId {
        let id = LocalId(self.0.entities.len() as u32);
        self.0.entities.push(LocalEntity {
            ty,
            name: name.into(),
            aliases: aliases.iter().map(|s| (*s).to_owned()).collect(),
            language: self.0.document.language,
            generic,
        });
        self.0.mentions.push(Mention {
            entity: id,
            span: Span { start: id.0 * 10, end: id.0 * 10 + 5 },
            form: name.into(),
            by: Recognised::Shape,
        });
        id
    }

    pub(super) fn is(mut self, ty: Type, name: &str) -> Doc {
        self.add(ty, name, &[], false);
        self
    }

    fn alias(mut self, ty: Type, name: &str, aliases: &[&str]) -> Doc {
        self.add(ty, name, aliases, false);
        self
    }

    fn generic(mut self, ty: Type, name: &str) -> Doc {
        self.add(ty, name, &[], true);
        self
    }

    /// A fact between entities by their index.
    pub(super) fn says(mut self, from: u32, relation: Relation, to: u32) -> Doc {
        let start = self.0.observations.len() as u32 * 100;
        let name = |i: u32| self.0.entities[i as usize].name.clone();
        let sentence = format!("{} – {}.", name(from), name(to));
        self.0.observations.push(Observation {
            from: LocalId(from),
            relation,
            to: LocalId(to),
            span: Span { start, end: start + 50 },
            sentence,
            rule: "sv/test".into(),
            modality: Modality::Asserted,
            since: None,
            until: None,
            date: None,
            role: None,
        });
        self
    }

    pub(super) fn with(mut self, change: impl Fn(&mut Observation)) -> Doc {
        change(self.0.observations.last_mut().unwrap());
        self
    }
}

pub(super) fn readings(docs: &[Doc]) -> Vec<Reading> {
    docs.iter().map(|d| d.0.clone()).collect()
}

pub(super) fn plain(docs: &[Doc]) -> Resolved {
    resolve(&readings(docs), &Decisions::default())
}

fn decided(docs: &[Doc], decisions: &str) -> Resolved {
    resolve(&readings(docs), &Decisions::parse(decisions).unwrap())
}

fn names(r: &Resolved) -> Vec<&str> {
    let mut out: Vec<&str> = r.entities.iter().map(|e| e.name.as_str()).collect();
    out.sort_unstable();
    out
}

/// Facts in words, sorted.
fn facts(r: &Resolved) -> Vec<String> {
    let name = |i: u32| &r.entities[i as usize].name;
    let mut out: Vec<String> =
        r.facts.iter().map(|f| format!("{} {} {} {}", name(f.from), f.relation, name(f.to), f.basis)).collect();
    out.sort();
    out
}

fn entity<'r>(r: &'r Resolved, name: &str) -> &'r Entity {
    r.entities.iter().find(|e| e.name == name).unwrap_or_else(|| panic!("no {name} in {:?}", names(r)))
}

#[test]
fn pairs_of_names() {
    let table = include_str!("../../tests/data/name-pairs.tsv");
    let mut wrong: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for line in table.lines().filter(|l| !l.starts_with('#')) {
        let f: Vec<&str> = line.split('\t').collect();
        let make = |d: &str, i: usize| {
            let lang = Lang::from_word(f[i + 1]).unwrap();
            doc(d).lang(lang).is(Type::from_word(f[i]).unwrap(), f[i + 2])
        };
        let one = plain(&[make("a.txt", 1), make("b.txt", 4)]).entities.len() == 1;
        *count.entry(f[0]).or_default() += 1;
        if one != (f[0] == "same") {
            wrong.entry(f[0]).or_default().push(line);
        }
    }
    assert!(!wrong.contains_key("apart"), "united though apart: {wrong:#?}");
    let lost = wrong.get("same").map_or(0, Vec::len);
    assert!(lost * 50 <= count["same"], "apart though one: {wrong:#?}");
}

#[test]
fn one_entity_from_many_documents() {
    let r = plain(&[
        doc("a.txt").is(Type::City, "Göteborg").is(Type::PublicBody, "Göteborgs Stad"),
        doc("b.txt").is(Type::Region, "Göteborg").is(Type::PublicBody, "Göteborgs Stad"),
        doc("c.txt").lang(Lang::En).is(Type::City, "Gothenburg").is(Type::Organisation, "City of Gothenburg"),
    ]);
    assert_eq!(names(&r), ["Göteborg", "Göteborgs Stad"]);
    let city = entity(&r, "Göteborg");
    assert_eq!((city.ty, city.aliases.as_slice()), (Type::City, ["Gothenburg".to_owned()].as_slice()));
    assert_eq!(city.members, [(0, LocalId(0)), (1, LocalId(0)), (2, LocalId(0))]);
    assert_eq!(entity(&r, "Göteborgs Stad").ty, Type::PublicBody);
    assert!(r.entities.windows(2).all(|w| w[0].id < w[1].id));
}

#[test]
fn a_document_that_speaks_of_both_holds_city_and_municipality_apart() {
    let both = doc("a.txt").is(Type::City, "Luleå").is(Type::Municipality, "Luleå");
    let r = plain(&[both, doc("b.txt").is(Type::City, "Luleå"), doc("c.txt").is(Type::Municipality, "Luleå")]);
    assert_eq!(r.entities.len(), 2);
    assert_eq!(facts(&r), ["Luleå PART_OF Luleå derived"]);
}

#[test]
fn the_most_frequent_type_wins() {
    let r = plain(&[
        doc("a.txt").is(Type::Organisation, "Framtidsrådet"),
        doc("b.txt").is(Type::PublicBody, "Framtidsrådet"),
        doc("c.txt").is(Type::Association, "Framtidsrådet"),
        doc("d.txt").is(Type::Association, "Framtidsrådet"),
        doc("e.txt").is(Type::Organisation, "Framtidsrådet"),
        doc("f.txt").is(Type::Organisation, "Framtidsrådet"),
    ]);
    assert_eq!(r.entities.len(), 1);
    assert_eq!(r.entities[0].ty, Type::Association);
}

#[test]
fn declared_aliases_unite_only_where_they_are_unambiguous() {
    let ltu = doc("a.txt").alias(Type::University, "Luleå tekniska universitet", &["LTU"]);
    let short = doc("b.txt").is(Type::Organisation, "LTU");
    let r = plain(&[ltu.clone(), short.clone()]);
    assert_eq!(r.entities.len(), 1);
    // another body that calls itself the same
    let other = doc("c.txt").alias(Type::Association, "Ljusdals tekniska utskott", &["LTU"]);
    assert_eq!(plain(&[ltu.clone(), short.clone(), other]).entities.len(), 3);
    // one whose two names are one by another rule is not ambiguous
    let english = doc("d.txt").lang(Lang::En).alias(Type::University, "Luleå University of Technology", &["LTU"]);
    assert_eq!(plain(&[ltu, short, english]).entities.len(), 1);
    // a common noun is nobody's alias outside its document
    let board = doc("e.txt").alias(Type::Association, "Norrskogs vänner", &["föreningen"]);
    assert_eq!(plain(&[board, doc("f.txt").is(Type::Association, "föreningen")]).entities.len(), 2);
}

#[test]
fn a_bare_name_between_two_legal_forms_stays_apart() {
    let r = plain(&[
        doc("a.txt").is(Type::Company, "Fjällkraft AB"),
        doc("b.txt").is(Type::Company, "Fjällkraft HB"),
        doc("c.txt").is(Type::Company, "Fjällkraft"),
    ]);
    assert_eq!(r.entities.len(), 3);
}

#[test]
fn an_alias_never_bridges_two_places_or_numbers() {
    let r = plain(&[
        doc("a.txt").alias(Type::PublicBody, "Luleå kommun", &["Piteå kommun", "Kommunen i norr 2"]),
        doc("b.txt").is(Type::PublicBody, "Piteå kommun"),
    ]);
    assert_eq!(r.entities.len(), 2);
    let r = plain(&[
        doc("a.txt").alias(Type::Programme, "Interreg VI A", &["Interreg V 2014"]),
        doc("b.txt").is(Type::Programme, "Interreg V 2014"),
    ]);
    assert_eq!(r.entities.len(), 2);
}

fn employed(name: &str, person: &str, employer: Option<&str>) -> Doc {
    let d = doc(name).is(Type::Person, person);
    match employer {
        Some(e) => d.is(Type::Organisation, e).says(0, Relation::WorksFor, 1),
        None => d,
    }
}

fn persons(docs: &[Doc]) -> usize {
    plain(docs).entities.iter().filter(|e| e.ty == Type::Person).count()
}

#[test]
fn persons_of_one_name() {
    let anna = |d: &str, e| employed(d, "Anna Fjällman", e);
    assert_eq!(persons(&[anna("a", Some("Norrtjänst AB")), anna("b", Some("Norrtjänst"))]), 1);
    assert_eq!(persons(&[anna("a", Some("Luleå kommun")), anna("b", Some("Luleå Näringsliv AB"))]), 1);
    assert_eq!(persons(&[anna("a", Some("Luleå kommun")), anna("b", Some("Malmö stad"))]), 2);
    assert_eq!(persons(&[anna("a", Some("Luleå kommun")), anna("b", None), anna("c", None)]), 1);
    // two of the name are known: a third document could mean either
    assert_eq!(persons(&[anna("a", Some("Luleå kommun")), anna("b", Some("Malmö stad")), anna("c", None)]), 3);
    // a surname alone needs the same employer
    let berg = |d: &str, e| employed(d, "Fjällman", e);
    assert_eq!(persons(&[berg("a", None), berg("b", None)]), 2);
    assert_eq!(persons(&[berg("a", Some("Norrtjänst")), berg("b", Some("Norrtjänst"))]), 1);
}

fn trip(name: &str, who: &str, date: Option<&str>) -> Doc {
    let date: Option<Edtf> = date.map(|d| d.parse().unwrap());
    doc(name)
        .is(Type::City, who)
        .generic(Type::Visit, "resa till USA")
        .says(0, Relation::TakesPartIn, 1)
        .with(|o| o.date = date.clone())
}

#[test]
fn descriptions_are_one_where_parties_and_dates_agree() {
    let visits = |docs: &[Doc]| plain(docs).entities.iter().filter(|e| e.ty == Type::Visit).count();
    let may = Some("2018-05");
    assert_eq!(visits(&[trip("a", "Luleå", may), trip("b", "Luulaja", may)]), 1);
    assert_eq!(visits(&[trip("a", "Luleå", may), trip("b", "Malmö", may)]), 2);
    assert_eq!(visits(&[trip("a", "Luleå", may), trip("b", "Luleå", Some("2019-05"))]), 2);
    assert_eq!(visits(&[trip("a", "Luleå", None), trip("b", "Luleå", None)]), 2);
    let pact = |d: &str, b: &str| {
        doc(d)
            .is(Type::City, "Kerava")
            .is(Type::City, b)
            .generic(Type::Contract, "vänortsavtal")
            .says(0, Relation::PartyTo, 2)
            .says(1, Relation::PartyTo, 2)
    };
    let pacts = |docs: &[Doc]| plain(docs).entities.iter().filter(|e| e.ty == Type::Contract).count();
    assert_eq!(pacts(&[pact("a", "Aschersleben"), pact("b", "Aschersleben")]), 1);
    assert_eq!(pacts(&[pact("a", "Aschersleben"), pact("b", "Kristianstad")]), 2);
}

fn partners(name: &str, date: Option<&str>, change: impl Fn(&mut Observation)) -> Doc {
    let d = doc(name).is(Type::City, "Luleå").is(Type::City, "Austin").says(0, Relation::PartnersWith, 1).with(change);
    match date {
        Some(date) => d.dated(date),
        None => d,
    }
}

#[test]
fn a_fact_is_shown_as_its_latest_document_says_it() {
    let since: Edtf = "2014".parse().unwrap();
    let r = plain(&[
        partners("a.txt", Some("2018"), |o| o.since = Some("2014".parse().unwrap())),
        partners("b.txt", None, |_| {}),
        partners("c.txt", Some("2021-03-01"), |o| o.modality = Modality::Ended),
    ]);
    let fact = &r.facts[0];
    assert_eq!((r.facts.len(), fact.modality, fact.since.clone()), (1, Modality::Ended, None));
    assert_eq!(fact.evidence.iter().map(|e| e.document).collect::<Vec<_>>(), [0, 1, 2]);
    let r = plain(&[
        partners("a.txt", Some("2018"), |o| o.since = Some("2014".parse().unwrap())),
        partners("b.txt", Some("2020"), |_| {}),
    ]);
    // the later document does not repeat the year: the earlier one's still holds
    assert_eq!((r.facts[0].modality, r.facts[0].since.clone()), (Modality::Asserted, Some(since)));
    // undated: the most frequent; tied: the strongest
    let planned = |o: &mut Observation| o.modality = Modality::Planned;
    let r = plain(&[partners("a", None, planned), partners("b", None, planned), partners("c", None, |_| {})]);
    assert_eq!(r.facts[0].modality, Modality::Planned);
    let r = plain(&[partners("a", None, planned), partners("b", None, |_| {})]);
    assert_eq!(r.facts[0].modality, Modality::Asserted);
}

#[test]
fn a_symmetric_fact_is_stored_once_and_none_ties_a_thing_to_itself() {
    let a = doc("a.txt").is(Type::City, "Luleå").is(Type::City, "Austin").says(0, Relation::PartnersWith, 1);
    let b = doc("b.txt").is(Type::City, "Austin").is(Type::City, "Luulaja").says(0, Relation::PartnersWith, 1);
    let r = plain(&[a, b]);
    assert_eq!(r.facts.len(), 1);
    assert!(r.facts[0].from < r.facts[0].to);
    assert_eq!(r.facts[0].evidence.len(), 2);
    let own = doc("c.txt").is(Type::City, "Luleå").is(Type::Region, "Luulaja").says(0, Relation::PartnersWith, 1);
    assert!(plain(&[own]).facts.is_empty());
}

#[test]
fn a_body_sits_where_its_name_says() {
    for (body, region, ty) in [
        ("Göteborgs Stad", "Göteborg", Type::City),
        ("Luleå kommun", "Luleå", Type::City),
        ("Visit Luleå AB", "Luleå", Type::City),
        ("Luleå Näringsliv AB", "Luleå", Type::City),
        ("Business Region Göteborg", "Göteborg", Type::Municipality),
        ("Luleå tekniska universitet", "Luleå", Type::City),
        ("Lilla Edets kommun", "Lilla Edet", Type::Municipality),
        ("Karlstads universitet", "Karlstad", Type::City),
        ("Kista Science City", "Kista", Type::City),
        ("Länsstyrelsen i Norrbottens län", "Norrbottens län", Type::Province),
        ("Region Skåne", "Skåne", Type::Province),
        ("Oulun kaupunki", "Oulu", Type::City),
        ("Hämeenlinnan kaupunki", "Hämeenlinna", Type::City),
        ("Kanta-Hämeen liitto", "Kanta-Häme", Type::Province),
        ("Turun ammattikorkeakoulu", "Turku", Type::City),
        ("Oulun kauppakamari", "Oulu", Type::City),
        ("University of Gothenburg", "Göteborg", Type::City),
        ("Bergsundsskolan", "Bergsund", Type::City),
        ("Älvmyrs kommun", "Älvmyr", Type::Municipality),
    ] {
        let r = plain(&[doc("a.txt").is(Type::Organisation, body).is(ty, region)]);
        assert_eq!(facts(&r), [format!("{body} LOCATED_IN {region} derived")], "{body}");
        assert!(r.facts[0].derived_from.as_ref().unwrap().contains(body) && r.facts[0].evidence.is_empty());
    }
    for (body, region, ty) in [
        ("Japan Bridge Scandinavia", "Japan", Type::Country),
        ("Business Sweden", "Sverige", Type::Country),
        ("Nordens institut", "Norden", Type::Area),
        ("Luleå Hockey Support", "Lule", Type::City),
        ("Umeå kommun", "Luleå", Type::City),
        ("Malmöbryggeriet", "Malmö", Type::City),
        ("Göteborgs-Posten", "Göteborg", Type::Country),
    ] {
        let r = plain(&[doc("a.txt").is(Type::Organisation, body).is(ty, region)]);
        assert!(r.facts.is_empty(), "{body}: {:?}", facts(&r));
    }
    // no entity is made for a place that documents do not name, and persons sit nowhere
    assert_eq!(plain(&[doc("a.txt").is(Type::PublicBody, "Kalix kommun")]).entities.len(), 1);
    let person = doc("a.txt").is(Type::Person, "Stad Göteborg").is(Type::City, "Göteborg");
    assert!(plain(&[person]).facts.is_empty());
    // the province for a body of the province, though the town bears its name
    let uppsala =
        doc("a.txt").is(Type::City, "Uppsala").is(Type::Province, "Uppsala län").is(Type::PublicBody, "Region Uppsala");
    let mut f = facts(&plain(&[uppsala]));
    f.retain(|f| f.starts_with("Region"));
    assert_eq!(f, ["Region Uppsala LOCATED_IN Uppsala län derived"]);
}

#[test]
fn regions_lie_in_the_nearest_region_that_is_named() {
    let all = doc("a.txt")
        .is(Type::City, "Luleå")
        .is(Type::Province, "Norrbotten")
        .is(Type::Country, "Sverige")
        .is(Type::Area, "Norden")
        .is(Type::City, "Austin")
        .is(Type::Country, "USA");
    let wanted = [
        "Austin PART_OF USA derived",
        "Luleå PART_OF Norrbotten derived",
        "Norrbotten PART_OF Sverige derived",
        "Sverige PART_OF Norden derived",
    ];
    assert_eq!(facts(&plain(&[all])), wanted);
    let few = doc("a.txt").is(Type::City, "Luleå").is(Type::Country, "Sverige");
    assert_eq!(facts(&plain(std::slice::from_ref(&few))), ["Luleå PART_OF Sverige derived"]);
    // what a document says is observed
    let said = few.says(0, Relation::PartOf, 1);
    let r = plain(&[said]);
    assert_eq!(facts(&r), ["Luleå PART_OF Sverige observed"]);
    assert_eq!(r.facts[0].evidence.len(), 1);
}

#[test]
fn decisions_unite_and_hold_apart() {
    let docs = [
        doc("a.txt").is(Type::Company, "Norrtjänst AB"),
        doc("b.txt").is(Type::Company, "Norrtjänst"),
        doc("c.txt").is(Type::Company, "Norra Tjänsten"),
    ];
    assert_eq!(plain(&docs).entities.len(), 2);
    let same = r#"same "Norrtjänst" (Company) = "Norra Tjänsten" (Organisation)"#;
    assert_eq!(decided(&docs, same).entities.len(), 1);
    let apart = r#"distinct "Norrtjänst AB" (Company) != "Norrtjänst" (Company)"#;
    assert_eq!(decided(&docs, apart).entities.len(), 3);
    // not through a third either
    assert_eq!(
        decided(&docs, &format!("{apart}\n{same}\nsame \"Norra Tjänsten\" (Company) = \"Norrtjänst AB\" (Company)"))
            .entities
            .len(),
        2
    );
    // the later of two holds
    let later = r#"same "Norrtjänst" (Company) = "Norrtjänst AB" (Company)"#;
    assert_eq!(decided(&docs, &format!("{apart}\n{later}")).entities.len(), 2);
    // equal names of two documents
    let twice = [doc("a.txt").is(Type::Association, "Framåt"), doc("b.txt").is(Type::Association, "Framåt")];
    let apart = r#"distinct "Framåt" (Association) in "a.txt" != "Framåt" (Association) in "b.txt""#;
    assert_eq!((plain(&twice).entities.len(), decided(&twice, apart).entities.len()), (1, 2));
    let anna = [employed("a.txt", "Anna Fjällman", None), employed("b.txt", "Anna Fjällman", None)];
    let apart = r#"distinct "Anna Fjällman" (Person) in "a.txt" != "Anna Fjällman" (Person) in "b.txt""#;
    assert_eq!((plain(&anna).entities.len(), decided(&anna, apart).entities.len()), (1, 2));
}

#[test]
fn decisions_on_facts_and_names() {
    let docs = [doc("a.txt")
        .is(Type::PublicBody, "Luleå Kommun")
        .is(Type::City, "Luleå")
        .is(Type::Company, "Luleå Energi AB")];
    let r = decided(
        &docs,
        "rename \"luleå kommun\" (PublicBody) to \"Luleå kommun\"\n\
         assert \"Luleå kommun\" (PublicBody) OWNS \"Luleå Energi\" (Company)\n\
         assert \"Luleå Kommun\" (PublicBody) OWNS \"Luleå Energi AB\" (Company) since 1990\n\
         retract \"Luleå Energi AB\" (Company) LOCATED_IN \"Luleå\" (City)",
    );
    assert_eq!(facts(&r), ["Luleå kommun LOCATED_IN Luleå derived", "Luleå kommun OWNS Luleå Energi AB by hand"]);
    let fact = r.facts.iter().find(|f| f.relation == Relation::Owns).unwrap();
    assert_eq!(fact.derived_from.as_deref(), Some("line 3 of the decisions"));
    let decisions = Decisions::parse("assert \"Luleå Energi AB\" (Company) OWNS \"Nobody\" (Company)").unwrap();
    let r = resolve(&readings(&docs), &decisions);
    assert_eq!(unmet(&r, &decisions), [Unmet { line: 1, name: "Nobody".into() }]);
}

#[test]
fn decisions_that_cannot_be_read() {
    for (text, line, column, part) in [
        ("# ok\n\nmerge \"A\" (Company)", 3, 1, "same, distinct"),
        ("same \"A\" (Company) = \"B\" (City)", 1, 22, "different kinds"),
        ("same \"A\" (Person) = \"B\" (Company)", 1, 21, "different kinds"),
        ("same \"A (Company)", 1, 6, "closing quote"),
        ("same \"A\" (Firm) = \"B\" (Company)", 1, 10, "no type"),
        ("same \"A\" = \"B\"", 1, 10, "type in brackets"),
        ("same A", 1, 6, "double quotes"),
        ("same \"\" (Company)", 1, 6, "empty"),
        ("same \"A\" (Company) \"B\" (Company)", 1, 20, "`=`"),
        ("forget \"A\" (Company)", 1, 8, "only a person"),
        ("assert \"A\" (City) LIKES \"B\" (City)", 1, 19, "no relation"),
        ("assert \"A\" (City) VISITS \"B\" (City) since soon", 1, 43, "not a date"),
        ("assert \"A\" (City) VISITS \"B\" (City) perhaps", 1, 37, "does not belong"),
        ("forget \"A\" (Person) now", 1, 21, "ends here"),
    ] {
        let e = Decisions::parse(text).unwrap_err();
        assert_eq!((e.line, e.column), (line, column), "{text}: {e}");
        assert!(e.problem.contains(part), "{text}: {e}");
    }
    let odd =
        Decisions::parse("\u{feff}same \"A \\\"x\\\" \\\\\" (Actor) = \"B\" (Company) # so\n   # only a comment\r\n")
            .unwrap();
    assert!(matches!(&odd.iter().next().unwrap().statement, Statement::Same(a, _) if a.name == "A \"x\" \\"));
}

#[test]
fn a_forgotten_person_is_nowhere() {
    let mut d = employed("a.txt", "Anna Fjällman", Some("Norrtjänst AB")).is(Type::Person, "Bo Ek").says(
        2,
        Relation::WorksFor,
        1,
    );
    d.0.mentions.push(Mention {
        entity: LocalId(0),
        span: Span { start: 90, end: 99 },
        form: "Fjällmans".into(),
        by: Recognised::Coreference,
    });
    d.0.observations[1].sentence =
        "Bo Ek efterträder Anna Fjällman; Fjällmans plats var tom. Fjällmanstorp består.".into();
    d.0.document.title = Some("Anna Fjällman slutar".into());
    let text = "forget \"Anna Fjällman\" (Person)";
    let r = decided(&[d.clone()], text);
    assert_eq!(names(&r), ["Bo Ek", "Norrtjänst AB"]);
    assert_eq!(r.facts[0].evidence[0].sentence, "Bo Ek efterträder […]; […] plats var tom. Fjällmanstorp består.");
    assert!(!format!("{r:?}").contains("Fjällman "));
    let reading = forget(&d.0, &Decisions::parse(text).unwrap()).into_owned();
    assert_eq!(reading.document.title.as_deref(), Some("[…] slutar"));
    assert_eq!(reading.mentions.len(), 2);
    assert_eq!(reading.observations[0].from, LocalId(1));
    let decisions = Decisions::parse(text).unwrap();
    let blanked = forget_text("Så sade Anna Fjällman i går.", &d.0, &decisions);
    assert_eq!(
        (blanked.as_ref(), blanked.len()),
        ("Så sade ************** i går.", "Så sade Anna Fjällman i går.".len())
    );
    let once = forget(&d.0, &decisions).into_owned();
    assert_eq!(forget(&once, &decisions).as_ref(), &once);
    let none = without_persons(&d.0).into_owned();
    assert_eq!((none.entities.len(), none.observations.len(), none.mentions.len()), (1, 0, 1));
    // nothing to forget, nothing copied
    assert!(matches!(forget(&d.0, &Decisions::default()), std::borrow::Cow::Borrowed(_)));
}

#[test]
fn doubtful_pairs_are_named_with_their_parts() {
    let docs = [
        doc("a.txt").is(Type::Association, "Norrskogens Vänner").is(Type::Company, "Luleå Energi AB"),
        doc("b.txt").is(Type::Association, "Norrskogens Vänne").is(Type::Company, "Umeå Energi AB"),
        doc("c.txt").is(Type::University, "Luleå tekniska universitet").is(Type::Person, "Anna Fjällman"),
        doc("d.txt").is(Type::Organisation, "LTU").is(Type::Person, "A. Fjällman"),
        doc("e.txt").is(Type::Conference, "Norrlandsdagarna 2019").is(Type::Person, "Bo Ek"),
        doc("f.txt").is(Type::Conference, "Norrlandsdagarna 2020").is(Type::Person, "Eva Ask"),
        employed("g.txt", "Siv Granlund", Some("Luleå kommun")),
        employed("h.txt", "Siv Granlund", Some("Malmö stad")),
    ];
    let r = plain(&docs);
    let pairs = doubtful(&r, &Decisions::default());
    let name = |i: u32| r.entities[i as usize].name.clone();
    let mut found: Vec<[String; 2]> = pairs
        .iter()
        .map(|p| {
            let mut names = [name(p.a), name(p.b)];
            names.sort();
            names
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            ["A. Fjällman", "Anna Fjällman"],
            ["LTU", "Luleå tekniska universitet"],
            ["Norrskogens Vänne", "Norrskogens Vänner"],
            ["Siv Granlund", "Siv Granlund"],
        ]
    );
    assert!(pairs.iter().all(|p| p.a < p.b && (0.70..=0.95).contains(&p.score) && !p.parts.is_empty()));
    let no = Decisions::parse(r#"distinct "LTU" (Organisation) != "Luleå tekniska universitet" (University)"#).unwrap();
    assert_eq!(doubtful(&resolve(&readings(&docs), &no), &no).len(), 3);
}
