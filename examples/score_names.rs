//! Scores the tagger of names on annotated corpora: exact spans and classes.
//!
//! ```text
//! cargo run --release --example score_names -- [--weights FILE] FILE.tsv…
//! ```
//! A file is called `LANG.NAME.tsv` and holds token, TAB, tag (IOB2; PER, ORG, LOC; other classes count as no name), a blank
//! line between sentences. Fifty sentences count as one document. Tokens/s covers features and decoding, on one core.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::path::Path;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use samband::extract::tagger::{Class, Tagger, Weights, Word, spans, tag_of, weights};
use samband::model::Lang;
use samband::text;

/// Sentences that count as a document.
const DOCUMENT: usize = 50;

/// Names right, found, annotated.
#[derive(Default, Clone, Copy)]
struct Score([usize; 3]);

impl Score {
    fn show(self, what: &str) -> String {
        let [right, found, gold] = self.0.map(|n| n as f64);
        let (p, r) = (right / found.max(1.0), right / gold.max(1.0));
        let f = 2.0 * right / (found + gold).max(1.0);
        format!("{what} P {:.1} R {:.1} F1 {:.1}", 100.0 * p, 100.0 * r, 100.0 * f)
    }
}

fn main() -> ExitCode {
    let mut own = None;
    let mut files = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--weights" {
            own = args.next().and_then(|f| std::fs::read(f).ok()).and_then(|b| Weights::open(&b));
            if own.is_none() {
                eprintln!("--weights: give a file that train_names wrote");
                return ExitCode::from(2);
            }
        } else {
            files.push(arg);
        }
    }
    let weights = own.as_ref().unwrap_or_else(|| weights());
    for file in files {
        let name = Path::new(&file).file_name().and_then(|n| n.to_str()).unwrap_or(&file);
        let short = name.split('.').next().unwrap_or("");
        let lang = if short == "nn" { Some(Lang::Nb) } else { Lang::from_word(short) };
        let (Some(lang), Ok(text)) = (lang, std::fs::read_to_string(&file)) else {
            eprintln!("{file}: give a file LANG.NAME.tsv");
            return ExitCode::from(2);
        };
        score(weights, lang, name, &text);
    }
    ExitCode::SUCCESS
}

fn score(weights: &Weights, lang: Lang, name: &str, text: &str) {
    let sentences: Vec<Vec<(&str, &str)>> = text
        .split("\n\n")
        .map(|s| s.lines().filter_map(|l| l.split_once('\t')).collect())
        .filter(|s: &Vec<_>| !s.is_empty())
        .collect();
    let lower: Vec<Vec<String>> =
        sentences.iter().map(|s| s.iter().map(|(form, _)| form.to_lowercase()).collect()).collect();
    let start = Instant::now();
    let mut tagger = Tagger::new(weights);
    let mut tags = Vec::with_capacity(sentences.len());
    for (document, lower) in sentences.chunks(DOCUMENT).zip(lower.chunks(DOCUMENT)) {
        let lines = document.iter().zip(lower).map(|(s, lower)| {
            let pairs = s.iter().zip(lower);
            let words: Vec<Word<'_>> =
                pairs.map(|((form, _), lower)| Word { form, lower, shape: text::shape(form) }).collect();
            (lang, words)
        });
        let looked = tagger.look(lines, |lang, form| Rc::from(text::base_forms(form, lang)));
        tags.extend((0..document.len()).map(|i| tagger.tags(&looked, i)));
    }
    let seconds = start.elapsed().as_secs_f64();
    let (mut all, mut by) = (Score::default(), [Score::default(); 3]);
    for (sentence, tags) in sentences.iter().zip(&tags) {
        let gold: Vec<_> = sentence.iter().map(|(_, tag)| tag_of(tag)).collect();
        let (found, gold) = (spans(tags), spans(&gold));
        let lists =
            [found.iter().filter(|s| gold.contains(s)).collect(), found.iter().collect(), gold.iter().collect()];
        for (k, list) in lists.iter().enumerate() {
            let list: &Vec<_> = list;
            all.0[k] += list.len();
            for (score, class) in by.iter_mut().zip(Class::ALL) {
                score.0[k] += list.iter().filter(|(_, c)| *c == class).count();
            }
        }
    }
    let tokens: usize = sentences.iter().map(Vec::len).sum();
    println!("{name}: {}; {:.0} tokens/s", all.show("all"), tokens as f64 / seconds);
    for (score, class) in by.iter().zip(Class::ALL) {
        println!("  {}", score.show(class.word()));
    }
}
