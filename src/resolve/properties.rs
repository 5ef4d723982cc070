use proptest::prelude::*;

use super::tests::{Doc, doc, plain, readings};
use super::*;
use crate::model::*;

/// A corpus of documents that name some of a few things, in ways that touch every rule.
fn corpus() -> impl Strategy<Value = Vec<Doc>> {
    const ACTORS: [(Type, &str, &[&str]); 14] = [
        (Type::PublicBody, "Luleå kommun", &[]),
        (Type::PublicBody, "Luulajan kunta", &["Luulaja kunta"]),
        (Type::University, "Luleå tekniska universitet", &["LTU"]),
        (Type::Organisation, "LTU", &[]),
        (Type::Association, "Ljusdals tekniska utskott", &["LTU"]),
        (Type::Company, "Fjällkraft AB", &["Fjällkraft"]),
        (Type::Company, "Fjällkraft", &[]),
        (Type::Company, "Fjällkraft HB", &[]),
        (Type::Organisation, "Framtidsrådet", &["Rådet"]),
        (Type::Association, "Framtidsrådet", &[]),
        (Type::Person, "Anna Fjällman", &[]),
        (Type::Person, "Fjällman", &[]),
        (Type::Region, "Luleå", &[]),
        (Type::City, "Luulaja", &[]),
    ];
    const REGIONS: [(Type, &str); 7] = [
        (Type::Municipality, "Luleå"),
        (Type::Country, "Sverige"),
        (Type::Country, "Ruotsi"),
        (Type::Province, "Norrbotten"),
        (Type::City, "Viborg"),
        (Type::Area, "Norden"),
        (Type::Event, "möte"),
    ];
    let one = (
        proptest::collection::vec(0..ACTORS.len() + REGIONS.len(), 1..7),
        proptest::collection::vec((0..7u32, 0..Relation::ALL.len(), 0..7u32, 0..4usize), 0..6),
        proptest::option::of(2015..2024i64),
    );
    proptest::collection::vec(one, 1..9).prop_map(|docs| {
        docs.into_iter()
            .enumerate()
            .map(|(n, (things, facts, year))| {
                let mut d = doc(&format!("{n}.txt"));
                let len = things.len() as u32;
                for t in things {
                    match ACTORS.get(t) {
                        Some(&(ty, name, aliases)) => d.add(ty, name, aliases, false),
                        None => {
                            let (ty, name) = REGIONS[t - ACTORS.len()];
                            d.add(ty, name, &[], ty == Type::Event)
                        }
                    };
                }
                for (a, relation, b, modality) in facts {
                    d = d
                        .says(a % len, Relation::ALL[relation], b % len)
                        .with(|o| o.modality = Modality::ALL[modality]);
                }
                if let Some(y) = year {
                    d = d.dated(&y.to_string());
                }
                d
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_documents_does_not_matter(docs in corpus(), seed in any::<u64>()) {
        let mut shuffled = docs.clone();
        let mut x = seed | 1;
        for i in (1..shuffled.len()).rev() {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(i, (x >> 33) as usize % (i + 1));
        }
        let decisions = Decisions::parse(
            "distinct \"LTU\" (Organisation) != \"Ljusdals tekniska utskott\" (Association)\nforget \"Fjällman\" (Person)",
        ).unwrap();
        for d in [Decisions::default(), decisions] {
            let a = postcard::to_allocvec(&resolve(&readings(&docs), &d)).unwrap();
            let b = postcard::to_allocvec(&resolve(&readings(&shuffled), &d)).unwrap();
            prop_assert_eq!(a, b);
        }
    }

    #[test]
    fn every_local_entity_is_in_one_entity_and_every_observation_in_one_fact(docs in corpus()) {
        let readings = readings(&docs);
        let r = resolve(&readings, &Decisions::default());
        let mut members: Vec<(u32, LocalId)> = r.entities.iter().flat_map(|e| e.members.clone()).collect();
        let total: usize = readings.iter().map(|r| r.entities.len()).sum();
        prop_assert_eq!(members.len(), total);
        members.sort();
        members.dedup();
        prop_assert_eq!(members.len(), total);
        let mut ids: Vec<u64> = r.entities.iter().map(|e| e.id).collect();
        ids.dedup();
        prop_assert_eq!(ids.len(), r.entities.len());
        for e in &r.entities {
            prop_assert!(!e.aliases.contains(&e.name));
            prop_assert!(e.aliases.windows(2).all(|w| w[0] < w[1]));
        }
        for f in &r.facts {
            prop_assert!(f.from != f.to && (f.evidence.is_empty() == (f.basis == Basis::Derived)));
            prop_assert!(!f.relation.symmetric() || f.from < f.to);
        }
        let key = |f: &Fact| (f.from, f.relation, f.to);
        prop_assert!(r.facts.windows(2).all(|w| key(&w[0]) < key(&w[1])));
    }

    #[test]
    fn nothing_in_a_decisions_file_makes_it_panic(text in "\\PC{0,60}|((same|assert|forget|rename) \"[^\"]{0,5}\" \\((City|Person|X)\\) ?(=|to|OWNS)? ?(\"[a-z]\" \\(City\\))?\n?){0,3}") {
        let _ = Decisions::parse(&text);
    }

    #[test]
    fn any_name_resolves(names in proptest::collection::vec("\\PC{0,20}|[A-ZÅÄÖ][a-zåäö]{0,8}( [A-Za-zåäö&.,-]{1,9}){0,6}", 1..6)) {
        let mut d = doc("a.txt");
        for (i, n) in names.iter().enumerate() {
            d.add(Type::ALL[i * 7 % Type::ALL.len()], n, &[n.as_str()], i % 3 == 0);
        }
        let r = plain(&[d.clone(), Doc(Reading { document: DocumentMeta { name: "b.txt".into(), ..d.0.document.clone() }, ..d.0 })]);
        let _ = doubtful(&r, &Decisions::default());
    }
}

/// A million mentions: `cargo test --release --lib scale -- --ignored --nocapture` prints the times.
#[test]
#[ignore = "measures; run in release"]
fn scale() {
    let lex = crate::lexicon::lexicon();
    let towns: Vec<&str> = (0..lex.len() as u32)
        .map(crate::lexicon::PlaceId)
        .filter(|&p| lex.place(p).is_some_and(|p| p.ty == Type::City && p.country.is_some_and(|c| c.is_nordic())))
        .map(|p| lex.name(p))
        .collect();
    let mut x = 7u64;
    let mut roll = |n: usize| {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (x >> 33) as usize % n
    };
    let syllables = ["nor", "fjäll", "kivi", "älv", "berg", "vik", "tek", "sol", "mark", "lund", "sand", "ek"];
    let word = |roll: &mut dyn FnMut(usize) -> usize| {
        "N".chars().chain((0..3).flat_map(|_| syllables[roll(syllables.len())].chars())).collect::<String>()
    };
    let docs: Vec<Doc> = (0..20_000)
        .map(|n| {
            let mut d = doc(&format!("{n:05}.txt")).dated(&format!("20{:02}", n % 24));
            for i in 0..20 {
                let town = towns[roll(towns.len())];
                match i % 5 {
                    0 => d.add(Type::City, town, &[], false),
                    1 => d.add(Type::PublicBody, &format!("{town} kommun"), &[], false),
                    2 => d.add(Type::Company, &format!("{} {} AB", word(&mut roll), word(&mut roll)), &[], false),
                    3 => d.add(Type::Person, &format!("{} {}", word(&mut roll), word(&mut roll)), &[], false),
                    _ => d.add(Type::Organisation, &format!("{} {}", word(&mut roll), town), &[], false),
                };
            }
            for i in 0..10 {
                d = d.says(3 + 5 * (i % 4), Relation::WorksFor, 2 + 5 * (i % 3));
            }
            let all = d.0.mentions.clone();
            d.0.mentions.extend(all.iter().cloned());
            d.0.mentions.extend(all.into_iter().take(10));
            d
        })
        .collect();
    let readings = readings(&docs);
    let mentions: usize = readings.iter().map(|r| r.mentions.len()).sum();
    let start = std::time::Instant::now();
    let r = resolve(&readings, &Decisions::default());
    let resolved = start.elapsed();
    let start = std::time::Instant::now();
    let pairs = doubtful(&r, &Decisions::default());
    let doubted = start.elapsed();
    let start = std::time::Instant::now();
    let words =
        ["Luleå", "Göteborg", "kommun", "Helsingfors", "Xyzzy", "Andersson", "samarbetar", "Pirkanmaa", "Norden"];
    let found = (0..1_000_000).filter(|i| lex.word(words[i % words.len()]).place).count();
    let looked = start.elapsed();
    #[allow(clippy::print_stderr, reason = "a measurement is there to be read")]
    {
        eprintln!(
            "{mentions} mentions, {} entities, {} facts: {resolved:?}; {} doubtful pairs: {doubted:?}; a look-up {:?} ({found})",
            r.entities.len(),
            r.facts.len(),
            pairs.len(),
            looked / 1_000_000
        );
    }
    assert!(resolved.as_secs() < 60);
}
