use std::fmt::Write as _;

use super::{RuleSet, parse};

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
    let time = |n: usize| {
        let text = many(n);
        (0..3)
            .map(|_| {
                let t = std::time::Instant::now();
                RuleSet::default().with(&[("many", text.as_str())]).unwrap();
                t.elapsed().as_secs_f64()
            })
            .fold(f64::MAX, f64::min)
    };
    let (small, large) = (time(40), time(320));
    assert!(large < small * 8.0 * 3.0, "8 times the rules took {:.1} times as long", large / small);
}
