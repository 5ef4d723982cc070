//! Learns the weights of `grammar/names.weights` from annotated corpora.
//!
//! ```text
//! cargo run --release --example train_names -- [--tune] DIRECTORY > grammar/names.weights
//! ```
//! DIRECTORY holds files `LANG.CORPUS.{train,dev}.tsv`: token, TAB, tag (IOB2; PER, ORG, LOC; other classes count as no
//! name), a blank line between sentences. Files called `.test.tsv` are not read. With `--tune`, the dev files and each
//! tenth block of fifty sentences of klintan are held out and scored after each round, and nothing is written.
//! Run twice on the same files it writes the same bytes.
#![allow(clippy::print_stderr, reason = "a program for the terminal")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use samband::extract::tagger::{Learner, Settings, Tagger, Weights, Word, spans, tag_of};
use samband::model::Lang;
use samband::text;

/// Rounds from nothing, whose mean is kept, and passes over the corpora in each.
const ROUNDS: usize = 3;
const PASSES: usize = 8;
const SETTINGS: Settings = Settings { seed: 20_120_417, margin: 40, overlooked: 40, least: 2, kept: 180_000 };
/// Sentences that count as a document.
const DOCUMENT: usize = 50;

type Sentence<'t> = Vec<(&'t str, &'t str)>;

fn main() -> ExitCode {
    let mut tune = false;
    let mut directory = None;
    let (mut settings, mut passes) = (SETTINGS, PASSES);
    for arg in std::env::args().skip(1) {
        match arg.split_once('=') {
            _ if arg == "--tune" => tune = true,
            Some(("--passes", n)) => passes = n.parse().unwrap_or(passes),
            Some(("--margin", n)) => settings.margin = n.parse().unwrap_or(settings.margin),
            Some(("--overlooked", n)) => settings.overlooked = n.parse().unwrap_or(settings.overlooked),
            Some(("--least", n)) => settings.least = n.parse().unwrap_or(settings.least),
            Some(("--kept", n)) => settings.kept = n.parse().unwrap_or(settings.kept),
            Some(("--seed", n)) => settings.seed = n.parse().unwrap_or(settings.seed),
            _ => directory = Some(PathBuf::from(arg)),
        }
    }
    let Some(directory) = directory else {
        eprintln!("say where the corpora are");
        return ExitCode::from(2);
    };
    let Some(files) = corpora(&directory) else {
        eprintln!("{}: no corpora LANG.NAME.train.tsv", directory.display());
        return ExitCode::from(2);
    };
    let mut learner = Learner::new(settings);
    let mut held: Vec<(&str, Lang, Vec<Sentence<'_>>)> = Vec::new();
    for (name, lang, text) in &files {
        let all = sentences(text);
        if tune && name.ends_with(".dev.tsv") {
            held.push((name, *lang, all));
        } else if tune && name.contains("klintan") {
            let cut = |k: usize| move |(i, _): &(usize, Sentence<'_>)| (i / DOCUMENT % 10 == 9) == (k == 1);
            let part = |k| all.iter().cloned().enumerate().filter(cut(k)).map(|(_, s)| s).collect::<Vec<_>>();
            learner.read(*lang, &part(0));
            held.push((name, *lang, part(1)));
        } else {
            learner.read(*lang, &all);
        }
    }
    learner.ready();
    eprintln!("{} features", learner.len());
    for pass in 1..=passes * ROUNDS {
        if pass > 1 && pass % passes == 1 {
            learner.again();
        }
        let wrong = learner.pass();
        eprint!("pass {pass}: {wrong} sentences wrong");
        if tune && pass % passes == 0 {
            let weights = learner.weights();
            let mut sum = 0.0;
            for (name, lang, gold) in &held {
                let f = 100.0 * f1(&weights, *lang, gold);
                sum += f;
                eprint!("  {} {f:.1}", name.trim_end_matches(".tsv"));
            }
            eprint!("  mean {:.2}", sum / held.len().max(1) as f64);
        }
        eprintln!();
    }
    if tune {
        return ExitCode::SUCCESS;
    }
    let weights = learner.weights();
    let bytes = weights.bytes();
    eprintln!("{} features kept, {} bytes", weights.len(), bytes.len());
    match std::io::stdout().lock().write_all(&bytes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The files to learn from, by name: name, language, text.
fn corpora(directory: &Path) -> Option<Vec<(String, Lang, String)>> {
    let mut names: Vec<String> =
        std::fs::read_dir(directory).ok()?.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    names.retain(|n| n.ends_with(".train.tsv") || n.ends_with(".dev.tsv"));
    let mut out = Vec::new();
    for name in names {
        let short = name.split('.').next()?;
        let lang = if short == "nn" { Lang::Nb } else { Lang::from_word(short)? };
        let text = std::fs::read_to_string(directory.join(&name)).ok()?;
        out.push((name, lang, text));
    }
    (!out.is_empty()).then_some(out)
}

fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let line = |l: &'_ str| -> bool { !l.trim().is_empty() };
    text.split("\n\n")
        .map(|s| s.lines().filter(|l| line(l)).filter_map(|l| l.split_once('\t')).collect::<Vec<_>>())
        .filter(|s| !s.is_empty())
        .collect()
}

/// F1 over exact names and classes.
fn f1(weights: &Weights, lang: Lang, gold: &[Sentence<'_>]) -> f64 {
    let (mut right, mut ours, mut theirs) = (0, 0, 0);
    let mut tagger = Tagger::new(weights);
    for document in gold.chunks(DOCUMENT) {
        let lower: Vec<Vec<String>> =
            document.iter().map(|s| s.iter().map(|(form, _)| form.to_lowercase()).collect()).collect();
        let lines = document.iter().zip(&lower).map(|(s, lower)| {
            let words: Vec<Word<'_>> =
                s.iter().zip(lower).map(|((form, _), lower)| Word { form, lower, shape: text::shape(form) }).collect();
            (lang, words)
        });
        let looked = tagger.look(lines, |lang, form| Rc::from(text::base_forms(form, lang)));
        for (i, sentence) in document.iter().enumerate() {
            let found = spans(&tagger.tags(&looked, i));
            let tags: Vec<_> = sentence.iter().map(|(_, tag)| tag_of(tag)).collect();
            let gold = spans(&tags);
            right += found.iter().filter(|s| gold.contains(s)).count();
            ours += found.len();
            theirs += gold.len();
        }
    }
    2.0 * f64::from(right as u32) / f64::from((ours + theirs).max(1) as u32)
}
