use proptest::prelude::*;

use super::*;
use crate::source::read_bytes;

fn kinds(text: &str) -> Vec<(char, String)> {
    blocks(text)
        .into_iter()
        .map(|b| {
            let kind = match b.kind {
                BlockKind::Heading(1) => '1',
                BlockKind::Heading(_) => 'h',
                BlockKind::Paragraph => 'p',
                BlockKind::ListItem => 'i',
                BlockKind::TableRow { header: true } => 'T',
                BlockKind::TableRow { header: false } => 't',
                BlockKind::Furniture => 'f',
            };
            (kind, b.text)
        })
        .collect()
}

fn pattern(text: &str) -> String {
    kinds(text).into_iter().map(|(k, _)| k).collect()
}

#[test]
fn headings_stand_alone_and_short() {
    let text = "Samarbete över sundet\n\nKommunen har sedan länge ett nära samarbete med staden på andra sidan.\n\n\
                Bakgrund\n\nAvtalet skrevs 2014.\n\nSamarbete över sundet\n\nMer text följer i nästa del av sidan.";
    assert_eq!(pattern(text), "1phpp1p".replace("pp1", "p1"));
}

#[test]
fn a_lead_in_makes_items() {
    let text = "Så här reser vi i år.\n\nI delegationen från Piteå:\nEva Holm, Piteå kommun\nJan Ek, Piteå Hamn AB\nMia Sund, rektor";
    assert_eq!(pattern(text), "ppiii");
    let apart = "Medlemmar i nätverket:\n\nBoden\n\nHaparanda\n\nKalix\n\nOm nätverket\n\nNätverket bildades för att kommunerna skulle kunna tala med en röst.";
    assert_eq!(pattern(apart), "piiihp");
}

#[test]
fn markers_make_items_and_are_cut_off() {
    let text = "Mål\n\n- öka handeln\n- fler\n  studenter\n* mer forskning\n1. Resa\n• Möte";
    let got = kinds(text);
    assert_eq!(got.iter().map(|(k, _)| *k).collect::<String>(), "1iiiii");
    assert_eq!(got[1].1, "öka handeln");
    assert_eq!(got[2].1, "fler\n  studenter");
}

#[test]
fn a_spoken_line_after_a_dash_is_text() {
    let text = "Avtalet gäller från och med i dag och omfattar alla kommunens skolor.\n  – Det här betyder mycket för oss och för våra elever, säger rektor Eva Holm.";
    assert_eq!(pattern(text), "pp");
    assert!(kinds(text)[1].1.starts_with('–'));
}

#[test]
fn wrapped_lines_are_one_paragraph() {
    let text = "Kaupunki ja yliopisto ovat tehneet yhteistyötä jo\nvuodesta 2014 lähtien. Yhteistyön tavoitteena on tuoda\nUumajan ja Vaasan yrityksiä yhteen ja luoda uusia\nverkostoja.\n\nToinen kappale.";
    assert_eq!(pattern(text), "pp");
}

#[test]
fn tables_of_tabs_and_bars() {
    let text = "Kommun\tKontaktperson\nBoden\tEva Holm\nKalix\tJan Ek";
    let got = blocks(text);
    assert_eq!(pattern(text), "Ttt");
    let cell = &got[1].cells[1];
    assert_eq!(&got[1].text[cell.start as usize..cell.end as usize], "Eva Holm");
    let bars = "| Jäsen | Kunta |\n|---|---|\n| Oy Merenkurkku Ab | Vaasa |";
    assert_eq!(pattern(bars), "Tt");
}

#[test]
fn a_contact_block_is_a_row_of_fields() {
    let text = "Nätverket samlar företag i hela regionen och har funnits sedan 1998.\n\nKontaktinformation\n\nEva Holm\n\nTitel:\nEnhetschef\nTelefon:\n0920-123 45\n\nse";
    assert_eq!(pattern(text), "phiiiiif");
}

#[test]
fn fields_of_a_project_are_items() {
    let text = "Projektet samlar företag på båda sidor om Kvarken.\n\nProjektfakta\nProjektägare: Nordstads kommun\nPartner: Västra högskolan\nProjekttid: 2022–2025";
    assert_eq!(pattern(text), "phiii");
    let contact = "Om oss är en text.\n\nKontakta oss\n\nEva Holm, chef\neva.holm@exempel.se\np. 0920 12 34 56";
    assert_eq!(pattern(contact), "phiii");
}

#[test]
fn furniture_is_told() {
    for line in [
        "$left",
        "Dela på Facebook",
        "Till toppen",
        "bild_pa_torget_2020",
        "Jaa Facebookissa",
        "Vi använder kakor för att ge dig en bättre upplevelse.",
        "Etusivu › Hallinto › Kunta",
        "* * *",
    ] {
        assert!(is_furniture(line), "{line}");
    }
    for line in ["Delar av regionen", "Kontakt", "0920-123 45 67", "2019", "Luleå | Piteå", "Jaana Koski", "och/eller"]
    {
        assert!(!is_furniture(line), "{line}");
    }
}

#[test]
fn a_title_over_its_date_line() {
    let text = "\t\tPohjanmaan kansainvälisten asioiden strategia on valmis\nNov 14, 2018Raimo\n\n\t\tStrategia hyväksyttiin maakuntavaltuustossa yksimielisesti marraskuussa.";
    assert_eq!(pattern(text), "1pp");
    let byline = "Hälsning från styrelsen\n\nKrönika · Styrelsen · 2021-12-22\n\nVi på föreningen tackar alla medlemmar för det gångna året.";
    assert_eq!(pattern(byline), "1pp");
}

#[test]
fn every_block_is_its_bytes() {
    let text = "\u{feff}Rubrik\r\n\r\nFörsta raden är här, och den är lång nog för text.\r\nAndra raden.\r\n\r\n- ett\r\n- två\r\n\r\nA\tB\r\nC\tD\r\n";
    let doc = read_bytes("a.txt", text.as_bytes()).unwrap();
    assert_eq!(doc.blocks.len(), 6, "{:?}", doc.blocks);
    for b in &doc.blocks {
        let span = b.span(0..b.text.len());
        assert_eq!(&doc.original[span.start as usize..span.end as usize], b.text);
        for s in crate::text::sentences(&b.text, crate::model::Lang::Sv) {
            let span = b.span(s.start as usize..s.end as usize);
            assert_eq!(doc.original[span.start as usize..span.end as usize], b.text[s.start as usize..s.end as usize]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn any_text_gives_its_own_bytes(text in "(\\PC{0,12}|[\\n\\t|*:. -]{1,3}|– |[A-ZÅ][a-zå]{2,9}[.:,]?|\n\n){0,40}") {
        let mut end = 0;
        for b in blocks(&text) {
            let span = b.span(0..b.text.len());
            prop_assert!(span.start as usize >= end);
            end = span.end as usize;
            prop_assert_eq!(&text[span.start as usize..end], b.text.as_str());
            for c in &b.cells {
                prop_assert!(b.text.get(c.start as usize..c.end as usize).is_some());
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read_bytes("x.txt", &bytes);
    }
}
