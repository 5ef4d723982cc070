use super::*;

fn corpus() -> Vec<Vec<(&'static str, &'static str)>> {
    let mut lines = Vec::new();
    for place in ["Luleå", "Piteå", "Umeå", "Kalix"] {
        lines.push(vec![("Vi", "O"), ("bor", "O"), ("i", "O"), (place, "B-LOC"), (".", "O")]);
        let name = vec![("Stina", "B-PER"), ("Grankvist", "I-PER"), ("från", "O"), (place, "B-LOC"), ("talade", "O")];
        lines.push(name);
        lines.push(vec![("Sen", "O"), ("kom", "O"), ("Grönviks", "B-ORG"), ("AB", "I-ORG"), ("dit", "O")]);
    }
    lines
}

fn learned(seed: u64) -> Weights {
    let mut learner = Learner::new(Settings { seed, margin: 2, overlooked: 20, least: 1, kept: 5000 });
    learner.read(Lang::Sv, &corpus());
    learner.ready();
    let first: Vec<usize> = (0..4).map(|_| learner.pass()).collect();
    assert!(first[3] < first[0], "{first:?}");
    learner.again();
    for _ in 0..4 {
        learner.pass();
    }
    learner.weights()
}

fn names(weights: &Weights, lang: Lang, lines: &[&str]) -> Vec<(String, Class)> {
    let tokens: Vec<_> = lines.iter().map(|l| text::tokens(l)).collect();
    let mut tagger = Tagger::new(weights);
    let looked = tagger.look(lines.iter().zip(&tokens).map(|(l, t)| (lang, words(l, t))), |lang, form| {
        Rc::from(text::base_forms(form, lang))
    });
    let mut out = Vec::new();
    for (i, (line, tokens)) in lines.iter().zip(&tokens).enumerate() {
        for (range, class) in spans(&tagger.tags(&looked, i)) {
            let (a, b) = (tokens[range.start].start as usize, tokens[range.end - 1].end as usize);
            out.push((line[a..b].to_owned(), class));
        }
    }
    out
}

#[test]
fn learns_and_writes_the_same_bytes_again() {
    let weights = learned(7);
    assert_eq!(weights.bytes(), learned(7).bytes());
    assert_ne!(weights.bytes(), learned(8).bytes());
    let found = names(&weights, Lang::Sv, &["Vi bor i Kiruna ."]);
    assert_eq!(found, [("Kiruna".to_owned(), Class::Place)]);
    let found = names(&weights, Lang::Sv, &["Sen kom Grönviks AB dit"]);
    assert_eq!(found, [("Grönviks AB".to_owned(), Class::Organisation)]);
}

#[test]
fn a_file_is_read_as_it_was_written_and_a_damaged_one_is_not() {
    let bytes = learned(7).bytes();
    assert_eq!(Weights::open(&bytes).map(|w| w.bytes()), Some(bytes.clone()));
    assert!(Weights::open(&bytes[..bytes.len() - 1]).is_none());
    assert!(Weights::open(b"").is_none());
    let mut other = bytes.clone();
    other[8] ^= 1;
    assert!(Weights::open(&other).is_none());
    let mut unsorted = bytes;
    let first = 16 + 2 * CLASSES * (TAGS + 1) * TAGS;
    unsorted[first + 3] = 0xff;
    assert!(Weights::open(&unsorted).is_none());
}

#[test]
fn tags_spell_names() {
    assert_eq!(["O", "B-PER", "I-ORG", "B-LOC", "B-MISC", "I-PER"].map(tag_of), [0, 1, 4, 5, 0, 2]);
    assert_eq!(
        spans(&[1, 2, 1, 0, 4, 4, 6]),
        [(0..2, Class::Person), (2..3, Class::Person), (4..6, Class::Organisation), (6..7, Class::Place)]
    );
    assert_eq!(spans(&[]), []);
}

#[test]
fn no_path_goes_on_a_name_that_has_not_begun() {
    let mut row = [0; TAGS];
    row[2] = 100;
    let tags = best_path(&[row, row, [0; TAGS]], &[0, 0, 1], &Box::default());
    assert_eq!(tags[0] % 2, usize::from(tags[0] > 0) as u8);
    assert_eq!(tags[1], 2);
    assert!(best_path(&[], &[], &Box::default()).is_empty());
}

#[test]
fn the_weights_of_the_program_know_names() {
    assert!(weights().len() > 100_000);
    let person = |lang, line: &str, name: &str| {
        let found = names(weights(), lang, &[line]);
        assert!(found.contains(&(name.to_owned(), Class::Person)), "{found:?}");
    };
    person(Lang::Sv, "Mötet leddes av Harald Ytterström, som är vd i Piteå.", "Harald Ytterström");
    person(Lang::Fi, "Kokouksen avasi Pirkko Lammasniemi, joka asuu Oulussa.", "Pirkko Lammasniemi");
    person(Lang::Nb, "Møtet ble ledet av Sigurd Bakkehaug fra Tromsø.", "Sigurd Bakkehaug");
}

#[test]
fn odd_lines_are_tagged() {
    let long = "A".repeat(5000);
    for line in ["", ".", "É́É́ \u{200b}", "()()()", long.as_str()] {
        let tokens = text::tokens(line);
        let mut tagger = Tagger::new(weights());
        let looked = tagger
            .look([(Lang::Da, words(line, &tokens))].into_iter(), |lang, form| Rc::from(text::base_forms(form, lang)));
        assert_eq!(tagger.tags(&looked, 0).len(), tokens.len());
    }
    assert!(
        Tagger::new(weights())
            .tags(&Tagger::new(weights()).look(std::iter::empty(), |_, _| Rc::from([])), 3)
            .is_empty()
    );
}
