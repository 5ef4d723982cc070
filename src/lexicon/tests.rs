use super::*;

fn best(name: &str) -> Candidate<'static> {
    lexicon().places(name).next().unwrap_or_else(|| panic!("{name} is no place"))
}

fn id(name: &str, ty: Type) -> PlaceId {
    let found = lexicon().places(name).find(|c| c.place.ty == ty);
    found.unwrap_or_else(|| panic!("{name} is no {ty}")).place.id
}

#[test]
fn the_embedded_file_is_whole() {
    let lex = lexicon();
    assert!(lex.len() > 10_000);
    for i in 0..lex.len() as u32 {
        let place = lex.place(PlaceId(i)).expect("a record");
        assert_eq!(place.ty.kind(), crate::model::Kind::Region);
        let names: Vec<_> = lex.names(place.id).collect();
        assert!(!names.is_empty() && names.iter().all(|n| !n.text.is_empty()));
        assert!(place.parent.is_none_or(|p| lex.place(p).is_some()));
        assert!(lex.chain(place.id).count() < 6, "{}", lex.name(place.id));
    }
}

#[test]
fn every_name_finds_its_place() {
    let lex = lexicon();
    let mut lost = Vec::new();
    for i in 0..lex.len() as u32 {
        let id = PlaceId(i);
        let name = lex.name(id);
        // a name that more than 48 places bear keeps the 48 best
        if !lex.places(name).any(|c| c.place.id == id && c.exact) {
            lost.push(name);
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn exonyms_lead_to_one_place_and_back() {
    for (a, b) in [
        ("Göteborg", "Gothenburg"),
        ("Luleå", "Luulaja"),
        ("Helsinki", "Helsingfors"),
        ("Åbo", "Turku"),
        ("Köpenhamn", "Copenhagen"),
        ("Haparanda", "Haaparanta"),
        ("Kirkenes", "Kirkkoniemi"),
        ("Vadsø", "Vesisaari"),
        ("Gällivare", "Jällivaara"),
        ("Tartu", "Dorpat"),
        ("Sankt Petersburg", "Pietari"),
        ("Yhdysvallat", "USA"),
        ("Storbritannien", "UK"),
        ("Itämeri", "Östersjön"),
        ("Norden", "Pohjoismaat"),
        ("Egentliga Tavastland", "Kanta-Häme"),
    ] {
        assert_eq!(best(a).place.id, best(b).place.id, "{a} {b}");
    }
    let lex = lexicon();
    let oulu = id("Oulu", Type::City);
    assert_eq!(lex.canonical(oulu, Lang::Sv), "Uleåborg");
    assert_eq!(lex.canonical(oulu, Lang::En), "Oulu");
    assert!(lex.exonyms(oulu).any(|e| e == (Lang::Fi, "Oulu")));
}

#[test]
fn the_known_comes_before_the_unknown() {
    for (name, ty, country) in [
        ("USA", Type::Country, "US"),
        ("Luleå", Type::City, "SE"),
        ("Austin", Type::City, "US"),
        ("Seattle", Type::City, "US"),
        ("Georgia", Type::Country, "GE"),
        ("Lund", Type::City, "SE"),
        ("Norrbotten", Type::Province, "SE"),
        ("Pirkanmaa", Type::Province, "FI"),
        ("Ale", Type::Municipality, "SE"),
        ("London", Type::City, "GB"),
        ("Paris", Type::City, "FR"),
        ("Washington", Type::City, "US"),
        ("Tromssa", Type::City, "NO"),
        ("Trøndelag", Type::Province, "NO"),
        ("Texas", Type::Province, "US"),
        ("Bayern", Type::Province, "DE"),
    ] {
        let place = best(name).place;
        assert_eq!((place.ty, place.country.unwrap().code()), (ty, country), "{name}");
    }
    assert_eq!(best("Silicon Valley").place.ty, Type::Area);
    let both: Vec<_> = lexicon().places("Luleå").map(|c| c.place.ty).collect();
    assert_eq!(both, [Type::City, Type::Municipality]);
}

#[test]
fn case_and_spelling() {
    assert!(best("Göteborg").exact && !best("GÖTEBORG").exact && !best("göteborg").exact);
    assert_eq!(best("Goteborg").name.class, NameClass::Plain);
    assert_eq!(best("Kanta\u{2011}Häme").place.id, best("Kanta-Häme").place.id);
    assert!(best("Mark").common_word && !best("Luleå").common_word);
    assert!(lexicon().places("Xyzzyberg").next().is_none());
    assert!(lexicon().places("").next().is_none());
    assert!(lexicon().places(&"å".repeat(4000)).next().is_none());
}

#[test]
fn the_longest_name_wins() {
    let lex = lexicon();
    let longest = |tokens: &[&str]| {
        lex.longest_place(tokens).map(|(n, mut c)| (n, lex.name(c.next().unwrap().place.id).to_owned()))
    };
    assert_eq!(longest(&["Lilla", "Edet", "och"]), Some((2, "Lilla Edet".into())));
    assert_eq!(longest(&["Västra", "Götalands", "län", "har"]), Some((3, "Västra Götalands län".into())));
    assert_eq!(longest(&["New", "York"]), Some((2, "New York".into())));
    assert_eq!(longest(&["St", ".", "Petersburg", "."]), Some((3, "Saint Petersburg".into())));
    assert_eq!(longest(&["Luleå", "kommun"]), Some((1, "Luleå".into())));
    assert_eq!(longest(&["Lilla", "huset"]), None);
    assert_eq!(longest(&[]), None);
}

#[test]
fn containment() {
    let lex = lexicon();
    let lulea = id("Luleå", Type::City);
    let chain: Vec<_> = lex.chain(lulea).map(|p| lex.name(p)).collect();
    assert_eq!(chain, ["Luleå", "Norrbottens län", "Sverige", "Europa"]);
    for (a, ta, b, tb) in [
        ("Luleå", Type::City, "Norden", Type::Area),
        ("Luleå", Type::City, "Nordkalotten", Type::Area),
        ("Hämeenlinna", Type::Municipality, "Kanta-Häme", Type::Province),
        ("Hämeenlinna", Type::Municipality, "Suomi", Type::Country),
        ("Austin", Type::City, "Texas", Type::Province),
        ("Öckerö", Type::Municipality, "Göteborgsregionen", Type::Area),
        ("Västra Götalands län", Type::Province, "Västsverige", Type::Area),
        ("Mariehamn", Type::City, "Finland", Type::Country),
        ("Oulu", Type::City, "Pohjois-Pohjanmaa", Type::Province),
        ("Tromsø", Type::Municipality, "Barents", Type::Area),
    ] {
        assert!(lex.inside(id(a, ta), id(b, tb)), "{a} in {b}");
        assert!(!lex.inside(id(b, tb), id(a, ta)), "{b} in {a}");
    }
    assert!(!lex.inside(lulea, lulea) && !lex.inside(lulea, id("Suomi", Type::Country)));
    // Kungsbacka lies in Halland though it belongs to Göteborgsregionen
    assert!(!lex.inside(id("Kungsbacka", Type::City), id("Västra Götalands län", Type::Province)));
}

#[test]
fn countries_by_name_and_code() {
    let lex = lexicon();
    for name in ["Ruotsi", "Sweden", "SE", "Sverige"] {
        assert_eq!(lex.country(name).and_then(|p| p.country).unwrap().code(), "SE", "{name}");
    }
    assert!(lex.country("Luleå").is_none() && lex.country("ZQ").is_none());
    assert!(lex.country("FI").unwrap().country.unwrap().is_nordic());
}

#[test]
fn persons_names() {
    let lex = lexicon();
    for name in ["Anna", "Anna-Karin", "Tuomas", "Birgitta", "Pekka", "Emily", "Lars"] {
        assert!(lex.is_first_name(name), "{name}");
    }
    for name in ["Virtanen", "Andersson", "Korhonen", "Bergvall-Andersson"] {
        assert!(lex.is_surname(name), "{name}");
    }
    assert!(lex.word("Pekka").first_name.has(Lang::Fi));
    assert!(!lex.is_first_name("Kommunstyrelsen") && !lex.is_surname("Kommunstyrelsen"));
}

#[test]
fn legal_forms_come_off() {
    let lex = lexicon();
    for (name, rest, family) in [
        ("Norrsken Energi AB", "Norrsken Energi", Some("limited")),
        ("Luvia Oy Ab", "Luvia", Some("limited-fi")),
        ("Björkö Konsult AB (publ)", "Björkö Konsult", Some("limited")),
        ("AB Fjällverken", "Fjällverken", Some("limited")),
        ("Kiven Kehitys Oyj", "Kiven Kehitys", Some("public-fi")),
        ("Fjordvind A/S", "Fjordvind", Some("limited-dk")),
        ("Havlyst ApS", "Havlyst", Some("private-dk")),
        ("Byns Bredband ek. för.", "Byns Bredband", Some("cooperative")),
        ("Kylän Kehitys ry", "Kylän Kehitys", Some("association")),
        ("Vuoksen säätiö sr", "Vuoksen", Some("foundation")),
        ("Stiftelsen Älvrum", "Älvrum", Some("foundation")),
        ("Northlight Ltd.", "Northlight", Some("limited-en")),
        ("Acme Systems, Inc.", "Acme Systems", Some("corporation")),
        ("Luleå kommun", "Luleå kommun", None),
        ("Vi se", "Vi se", None),
        ("AB", "AB", None),
        ("", "", None),
    ] {
        let (left, form) = lex.strip_legal(name);
        assert_eq!((left, form.map(|f| f.name)), (rest, family), "{name}");
    }
    assert_eq!(lex.legal_form("aktiebolag").map(|f| f.family), lex.legal_form("AB").map(|f| f.family));
}

#[test]
fn class_words_share_their_classes() {
    let lex = lexicon();
    let class = |w: &str| lex.heads(w).first().map(|h| h.class);
    assert_eq!(class("yliopisto"), class("universitet"));
    assert_eq!(class("University of"), Some("university"));
    assert_eq!(class("kaupunki"), Some("municipality"));
    assert_eq!(class("Tekniska Universitet"), Some("technical-university"));
    let (cut, head) = lex.head_suffix("Ormbergsskolan").expect("a school");
    assert_eq!((&"Ormbergsskolan"[..cut], head.class), ("Ormbergs", "school"));
    assert!(lex.head_suffix("skolan").is_none());
}
