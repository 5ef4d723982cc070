use std::fmt::Write as _;

use super::fixture::Marked;
use super::seq::Scratch;
use super::{RuleSet, parse};
use crate::model::Lang;

/// A file of that many rules in the shape of real ones.
fn many(count: usize) -> String {
    let mut s = String::from(
        "language sv \"Svenska\";\nparadigm verb1 { -a -ar -ade -at -as -ats }\nclass %adposition = i | på | med ;\n\
         cue negated = inte | ej | aldrig unless \"inte bara\" ; cue planned = ska | kommer .. att ;\n",
    );
    for i in 0..count {
        let _ = write!(
            s,
            "inflect verb1 %verb{i} = stam{i} | andra{i} ;\n\
             rule grupp.regel{i} \"X gör sak {i} med Y\" {{\n  when %verb{i} | %verb{i} .. sak{i} ;\n  \
             from : Actor|Region left within clause each ;\n  to   : Actor|Region right after med|\"tillsammans med\" each ;\n  \
             unless %verb{i} om ;\n  emit PARTNERS_WITH(from, to) ;\n  \
             test \"Luleå stam{i}ar inte längre med Austin.\" => PARTNERS_WITH(\"Luleå\", \"Austin\") negated ;\n  \
             not  \"Vi stam{i}ar med att ta fram en plan.\" ;\n}}\n"
        );
    }
    s
}

/// Prints what it measures: `cargo test --release --lib rules::speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "a measurement")]
fn load_time() {
    let best = |f: &dyn Fn()| {
        let once = |_| {
            let t = std::time::Instant::now();
            f();
            t.elapsed()
        };
        (0..9).map(once).min().unwrap_or_default()
    };
    for n in [250, 500, 1000] {
        let text = many(n);
        let parsed = best(&|| drop(parse("many", &text).unwrap()));
        let both = best(&|| drop(RuleSet::default().with(&[("many", text.as_str())]).unwrap()));
        eprintln!("{n} rules, {} kB: parse {parsed:?}, parse and compile {both:?}", text.len() / 1024);
    }
}

#[test]
fn parsing_is_linear() {
    let files = [many(40), many(320)];
    let mut best = [f64::MAX; 2];
    // In turns and the best of several, as other work may share the machine.
    for _ in 0..5 {
        for (text, best) in files.iter().zip(&mut best) {
            let t = std::time::Instant::now();
            RuleSet::default().with(&[("many", text.as_str())]).unwrap();
            *best = best.min(t.elapsed().as_secs_f64());
        }
    }
    let [small, large] = best;
    assert!(large < small * 8.0 * 4.0, "8 times the rules took {:.1} times as long", large / small);
}

/// Prints tokens a second for looking words up and for running the rules, without mentions to fill slots.
#[test]
#[ignore = "a measurement"]
#[expect(clippy::print_stderr, reason = "a measurement")]
fn reading_speed() {
    let extra = many(500);
    let set = RuleSet::builtin().unwrap().with(&[("many", extra.as_str())]).unwrap();
    let rules = set.lang(Lang::Sv).unwrap();
    let marked = "[Ekby|City] och [Norrvik|City] ska sedan 2014 samarbeta om vatten med [Japan|Country] , // men \
                  [Ekby kommun|PublicBody] är inte medlem i [Nordbron|Association] som besöker [Kobe|City] varje år .";
    let m = Marked::new(marked);
    let view = m.view(Lang::Sv);
    let mut scratch = Scratch::default();
    let n = 20_000;
    let t = std::time::Instant::now();
    let mut count = 0;
    for _ in 0..n {
        count += rules.hits(&m.tokens).at(3).len();
    }
    let looked = t.elapsed();
    let hits = rules.hits(&m.tokens);
    let t = std::time::Instant::now();
    for _ in 0..n {
        count += rules.read(&view, &hits, &[], &mut scratch).found.len();
    }
    let read = t.elapsed();
    let rate = |d: std::time::Duration| (n * m.tokens.len()) as f64 / d.as_secs_f64();
    eprintln!("look-up {:.0} tokens/s, rules {:.0} tokens/s ({count})", rate(looked), rate(read));
    eprintln!("{:#?}", rules.read(&view, &hits, &[], &mut scratch).found.iter().map(|f| &f.rule).collect::<Vec<_>>());
}
