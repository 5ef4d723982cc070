use super::*;

fn all(text: &str, lang: Lang, doc: Option<&str>) -> Vec<(String, DateKind)> {
    let doc: Option<Edtf> = doc.map(|d| d.parse().unwrap());
    let context = DateContext { document: doc.as_ref(), last_year: None };
    dates(&tokens(text), lang, context).into_iter().map(|d| (d.value.to_string(), d.kind)).collect()
}

fn one(text: &str, lang: Lang, doc: Option<&str>) -> (String, DateKind) {
    let mut found = all(text, lang, doc);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    found.remove(0)
}

use DateKind::{Date, Period, Since, Until};
use Lang::{Da, En, Fi, Nb, Sv};

#[test]
fn dates_in_five_languages() {
    for (lang, text, value, kind) in [
        (Sv, "Avtalet skrevs den 4 maj 2021.", "2021-05-04", Date),
        (Sv, "Den 4 maj lanserade vi rapporten.", "XXXX-05-04", Date),
        (Sv, "Mässan hålls 2–10 maj 2022 i Umeå.", "2022-05-02/2022-05-10", Date),
        (Sv, "Mässan hålls 28 april–2 maj 2022.", "2022-04-28/2022-05-02", Date),
        (Sv, "Mötet hölls fredagen den 5 april 2019.", "2019-04-05", Date),
        (Sv, "Under mässan i januari 2022 visar vi det.", "2022-01", Date),
        (Sv, "Projektet pågick maj–juni 2021.", "2021-05/2021-06", Date),
        (Sv, "Vi ses vecka 20 (2022).", "2022-05-16/2022-05-22", Date),
        (Sv, "Samarbetet har funnits sedan år 2000.", "2000", Since),
        (Sv, "Avtalet gäller från och med den 1 januari 2020.", "2020-01-01", Since),
        (Sv, "Avtalet gällde till och med 2023.", "2023", Until),
        (Sv, "Avtalet gällde t.o.m. 2023.", "2023", Until),
        (Sv, "Programmet löper under åren 2014–2020.", "2014/2020", Period),
        (Sv, "Strategin för 2021-2030 är klar.", "2021/2030", Period),
        (Sv, "Mellan 2014 och 2020 ledde hon arbetet.", "2014/2020", Period),
        (Sv, "Han var vd från 2014 till 2020.", "2014/2020", Period),
        (Sv, "Projektet startar våren 2024.", "2024", Date),
        (Sv, "Under 2019 trädde avtalet i kraft.", "2019", Date),
        (Fi, "Sopimus allekirjoitettiin 4. toukokuuta 2021.", "2021-05-04", Date),
        (Fi, "Sopimus allekirjoitettiin 4.5.2021 Vaasassa.", "2021-05-04", Date),
        (Fi, "Messut pidetään 2.–10.5.2021.", "2021-05-02/2021-05-10", Date),
        (Fi, "Messut pidettiin 28.4.-2.5.2021.", "2021-04-28/2021-05-02", Date),
        (Fi, "Seminaari pidettiin toukokuussa 2021.", "2021-05", Date),
        (Fi, "Seminaari pidetään 15.3. Vaasassa.", "XXXX-03-15", Date),
        (Fi, "Kaupungit ovat tehneet yhteistyötä vuodesta 2014.", "2014", Since),
        (Fi, "Kaupungit ovat tehneet yhteistyötä vuodesta 2014 lähtien.", "2014", Since),
        (Fi, "Sopimus on voimassa 1.1.2022 alkaen.", "2022-01-01", Since),
        (Fi, "Sopimus on voimassa vuoteen 2025 saakka.", "2025", Until),
        (Fi, "Hanke on käynnissä vuosina 2014–2020.", "2014/2020", Period),
        (Fi, "Yhdistys perustettiin vuonna 1985.", "1985", Date),
        (Fi, "Hanke alkoi touko-kesäkuussa 2021.", "2021-05/2021-06", Date),
        (En, "The agreement was signed on 2 May 2018.", "2018-05-02", Date),
        (En, "The agreement was signed on May 2, 2018.", "2018-05-02", Date),
        (En, "The fair runs May 2-10, 2018 in Turku.", "2018-05-02/2018-05-10", Date),
        (En, "It was signed on the 2nd of May 2018.", "2018-05-02", Date),
        (En, "The cities have cooperated since 2014.", "2014", Since),
        (En, "She chaired it from 2014 to 2020.", "2014/2020", Period),
        (En, "The programme ran until 2013.", "2013", Until),
        (Nb, "Avtalen ble signert 2. mai 2018.", "2018-05-02", Date),
        (Nb, "Byene har samarbeidet siden 2014.", "2014", Since),
        (Nb, "Avtalen gjelder fra og med 2020.", "2020", Since),
        (Da, "Aftalen blev underskrevet den 2. maj 2018.", "2018-05-02", Date),
        (Da, "Programmet løber i perioden 2021-27.", "2021/2027", Period),
        (Da, "Mødet blev holdt 04.05.21 i Aarhus.", "2021-05-04", Date),
        (Sv, "Projektet pågår 1 april 2022–31 mars 2025.", "2022-04-01/2025-03-31", Period),
        (Nb, "Prosjektet varer 1. april 2022 – 31. mars 2025.", "2022-04-01/2025-03-31", Period),
        (Nb, "Avtalen varer ut 2026.", "2026", Until),
        (Sv, "Protokollet är daterat 2018-05-02.", "2018-05-02", Date),
    ] {
        assert_eq!(one(text, lang, None), (value.to_owned(), kind), "{text}");
    }
}

#[test]
fn what_is_no_date() {
    for (lang, text) in [
        (Sv, "Föreningen har över 2000 medlemmar."),
        (Sv, "Ring 0920-45 30 00."),
        (Sv, "Maj Holm bor i Boden."),
        (Sv, "Det ska vara klart före 2020."),
        (Fi, "Kunnassa on noin 1950 asukasta."),
        (Fi, "Kahvit tarjotaan klo 10.12. alkaen."),
        (Fi, "Hanke valmistuu vuoden 2030 jälkeen."),
        (En, "The city may invest 1,500 euros."),
        (En, "About 1950 people live there."),
        (Sv, "Förra veckan träffades parterna."),
        (Fi, "Viime perjantaina pidettiin foorumi."),
        (Sv, "Den 31 februari finns inte."),
    ] {
        assert_eq!(all(text, lang, None), [], "{text}");
    }
}

#[test]
fn the_date_of_the_document_settles_some() {
    for (lang, text, doc, value) in [
        (Sv, "Den 4 maj lanserade vi rapporten.", "2021-12-22", "2021-05-04"),
        (Sv, "Den 10 november lanserade vi rapporten.", "2021-02-03", "2020-11-10"),
        (Sv, "Den 10 januari ska parterna träffas.", "2021-12-03", "2022-01-10"),
        (Sv, "Förra veckan träffades parterna.", "2022-05-18", "2022-05-09/2022-05-15"),
        (Sv, "I fredags träffades parterna.", "2018-11-14", "2018-11-09"),
        (Sv, "I fjol skrevs ett avtal.", "2019-03", "2018"),
        (Sv, "Avtalet skrevs i maj i fjol.", "2019-03-01", "2018-05"),
        (Fi, "Työ huipentui viime perjantaina foorumiin.", "2018-11-14", "2018-11-09"),
        (Fi, "Rahaa haetaan ensi vuonna.", "2018-11-14", "2019"),
        (Fi, "Rahaa haetaan ensi vuoden puolella.", "2018-11-14", "2019"),
        (Fi, "Sopimus tehtiin viime vuoden toukokuussa.", "2018-11-14", "2017-05"),
        (En, "The mayors met last Friday.", "2018-11-14", "2018-11-09"),
        (Nb, "Byene inngikk en avtale i fjor.", "2018-11-14", "2017"),
        (Nb, "Kommunene signerte torsdag en avtale.", "2023-03-12", "2023-03-09"),
        (En, "The mayors signed the agreement on Thursday.", "2023-03-12", "2023-03-09"),
        (Fi, "Kaupungit allekirjoittivat torstaina sopimuksen.", "2023-03-12", "2023-03-09"),
        (Da, "Byerne mødtes i sidste uge.", "2018-11-14", "2018-11-05/2018-11-11"),
    ] {
        assert_eq!(one(text, lang, Some(doc)).0, value, "{text}");
    }
}

#[test]
fn the_same_year_is_the_one_named_before() {
    let found = all("Avtalet skrevs 2019 och samma år bildades föreningen.", Sv, None);
    assert_eq!(found, [("2019".to_owned(), Date), ("2019".to_owned(), Date)]);
    let context = DateContext { document: None, last_year: Some(2019) };
    let found = dates(&tokens("Samma år slöts ett nytt avtal."), Sv, context);
    assert_eq!(found[0].value.as_str(), "2019");
}

#[test]
fn pages_bear_dates() {
    for (lines, want) in [
        (&["Julhälsning", "Krönika · Styrelsen · 2021-12-22", "Text."][..], Some("2021-12-22")),
        (&["Rubrik", "Publicerad 3 mars 2022", "Mötet den 4 maj 2023 ställs in."], Some("2022-03-03")),
        (&["Otsikko", "Julkaistu 4.5.2021 klo 12.30"], Some("2021-05-04")),
        (&["Strategian sisältö", "Nov 14, 2018Raimo", "Teksti."], Some("2018-11-14")),
        (&["Välkommen", "Tid: 4 maj 2021", "Plats: Umeå"], None),
        (&["Ett avtal", "Den 4 maj 2021 skrev kommunen under ett avtal om samarbete med staden."], None),
    ] {
        assert_eq!(document_date(lines).as_ref().map(Edtf::as_str), want, "{lines:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "([0-9]{1,4}|[-–./]| |den |maj|toukokuuta|May|, |sedan|vuodesta|till|v\\.|vecka|förra|i){0,30}") {
        let doc: Edtf = "2021-12-22".parse().unwrap();
        let tokens = tokens(&text);
        for lang in Lang::ALL {
            let mut end = 0;
            for d in dates(&tokens, *lang, DateContext { document: Some(&doc), last_year: Some(1999) }) {
                proptest::prop_assert!(d.tokens.start >= end && d.tokens.end <= tokens.len() && !d.tokens.is_empty());
                proptest::prop_assert!(d.value.as_str().parse::<Edtf>().is_ok(), "{}", d.value);
                end = d.tokens.end;
            }
        }
    }
}
