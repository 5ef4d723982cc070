use proptest::prelude::*;

use crate::source::{BlockKind, Document, read_bytes};

fn doc(html: &str) -> Document {
    read_bytes("a.html", html.as_bytes()).unwrap()
}

fn shown(d: &Document) -> Vec<(BlockKind, &str)> {
    d.blocks.iter().map(|b| (b.kind, b.text.as_str())).collect()
}

#[test]
fn a_page_with_its_parts() {
    let d = doc(r#"<!doctype html><html lang="sv-SE"><head><title>Resa till USA - Nordstads kommun</title>
        <meta property="og:site_name" content="Nordstads kommun"><meta property="article:published_time" content="2022-03-03T10:00:00+01:00">
        <style>p { color: red }</style></head><body><nav><ul><li>Hem</li><li>Om oss</li></ul></nav>
        <h1>Resa  till&nbsp;USA</h1><p>Kommunen bes&ouml;ker <b>Aust</b>in &amp; Seattle.<p>Mer text.
        <ul><li>Eva Holm<li>Jan Ek</ul><script>var x = "<p>nej</p>";</script>
        <table><tr><th>Namn</th><th>Roll</th></tr><tr><td>Eva Holm</td><td><p>rektor</p></td></tr></table>
        <footer>Nordstads kommun</footer></body></html>"#);
    use BlockKind::{Furniture, Heading, ListItem, Paragraph, TableRow};
    assert_eq!(
        shown(&d),
        [
            (Furniture, "Hem"),
            (Furniture, "Om oss"),
            (Heading(1), "Resa till USA"),
            (Paragraph, "Kommunen besöker Austin & Seattle."),
            (Paragraph, "Mer text."),
            (ListItem, "Eva Holm"),
            (ListItem, "Jan Ek"),
            (TableRow { header: true }, "Namn\tRoll"),
            (TableRow { header: false }, "Eva Holm\trektor"),
            (Furniture, "Nordstads kommun"),
        ]
    );
    let cell = d.blocks[8].cells[1].clone();
    assert_eq!(&d.blocks[8].text[cell.start as usize..cell.end as usize], "rektor");
    assert_eq!(d.title.as_deref(), Some("Resa till USA"));
    assert_eq!(d.publisher.as_deref(), Some("Nordstads kommun"));
    assert_eq!(d.date.as_ref().map(|d| d.as_str()), Some("2022-03-03"));
    assert_eq!(d.declared_language.as_deref(), Some("sv"));
    let p = &d.blocks[3];
    let at = p.text.find("besöker").unwrap();
    let span = p.span(at..at + "besöker".len());
    assert_eq!(&d.original[span.start as usize..span.end as usize], "bes&ouml;ker");
    let at = p.text.find("Austin").unwrap();
    let span = p.span(at..at + "Austin".len());
    assert_eq!(&d.original[span.start as usize..span.end as usize], "Aust</b>in");
}

#[test]
fn broken_lines_are_lines() {
    let d = doc("<p>I delegationen:<br>Eva Holm, Piteå kommun<br>Jan Ek, Piteå Hamn AB</p>");
    let kinds: Vec<_> = d.blocks.iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [BlockKind::Paragraph, BlockKind::ListItem, BlockKind::ListItem]);
    let span = d.blocks[2].span(0..d.blocks[2].text.len());
    assert_eq!(&d.original[span.start as usize..span.end as usize], "Jan Ek, Piteå Hamn AB");
}

#[test]
fn a_marked_main_part_leaves_the_rest_out() {
    let text = "Kommunen har ett nära samarbete med staden sedan många år. ".repeat(5);
    let d = doc(&format!("<div>Välkommen hit</div><main><h1>Titel</h1><p>{text}</p></main><div>Adress</div>"));
    assert_eq!(d.blocks[0].kind, BlockKind::Furniture);
    assert_eq!(d.blocks[3].kind, BlockKind::Furniture);
}

#[test]
fn deep_nesting_is_bounded() {
    let html = "<div><span>".repeat(60_000) + "Luleå" + &"</span></div>".repeat(1000);
    let d = doc(&html);
    assert_eq!(d.blocks.len(), 1);
}

/// The letters of each block stand in the original in that order, or an entity stands for them.
fn holds(d: &Document) {
    for b in &d.blocks {
        assert!(!b.map.is_empty() && b.map[0].0 == 0 && b.map.windows(2).all(|w| w[0].0 < w[1].0), "{:?}", b.map);
        for (i, c) in b.text.char_indices() {
            let span = b.span(i..i + c.len_utf8());
            let there = d.original.get(span.start as usize..);
            let there = there.unwrap_or_else(|| panic!("{c:?} at {span:?} is outside"));
            let same = there.starts_with(c) || there.starts_with('&') || c.is_whitespace();
            assert!(same, "{c:?} at {span:?}: {:?} in {:?}", there.chars().next(), b.text);
            assert!(span.end >= span.start && span.end as usize <= d.original.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn every_character_has_its_place(html in "(<(p|li|b|/b|/p|br|tr|td|/td|th|h1|/h1|pre|/pre|div|script|/script|title|/title|nav|/nav|!--|a href=x|/)>?|&(amp|aring|ouml|nbsp|quot|notit|#229|#x2013|bogus);?|[a-zåäö]{1,5}|[A-ZÅ]|[ \n\r\t]|--|[.:&<>\"/;]){0,60}") {
        if let Ok(d) = read_bytes("x.html", html.as_bytes()) {
            holds(&d);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_bytes("x.html", &bytes);
        let text = String::from_utf8_lossy(&bytes).replace(char::is_control, " ");
        if let Ok(d) = read_bytes("x.html", text.as_bytes()) {
            holds(&d);
        }
    }
}
