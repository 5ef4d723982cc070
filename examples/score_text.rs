//! Measures the text room on annotated files.
//!
//! ```text
//! cargo run --release --example score_text -- sentences sv FILE     one gold sentence a line; F1 of boundaries
//! cargo run --release --example score_text -- language FILE         language TAB sentence; share found right
//! cargo run --release --example score_text -- bases fi FILE         type TAB form TAB lemma; recall of candidates
//! cargo run --release --example score_text -- blocks sv FILE        the blocks, sentences and dates of a document
//! cargo run --release --example score_text -- speed sv FILE         MB/s of the sentence splitter
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::time::Instant;

use samband::model::Lang;
use samband::text::{DateContext, base_forms, dates, document_date, language, normal, sentences};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let lang = args.get(1).and_then(|l| Lang::from_word(l)).unwrap_or(Lang::Sv);
    let Some(text) = args.last().and_then(|f| std::fs::read_to_string(f).ok()) else {
        eprintln!("score_text sentences|language|bases|speed [LANG] FILE");
        return ExitCode::from(2);
    };
    let verbose = std::env::var_os("VERBOSE").is_some();
    match args[0] {
        "sentences" => score_sentences(&text, lang, verbose),
        "bases" => score_bases(&text, lang, verbose),
        "language" => {
            let mut score: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
            for (gold, sentence) in text.lines().filter_map(|l| l.split_once('\t')) {
                let found = language(sentence).map_or("none".to_owned(), |l| l.to_string());
                *score.entry(gold).or_default().entry(found).or_default() += 1;
            }
            for (gold, found) in score {
                let right = found.get(if gold == "nn" { "nb" } else { gold }).copied().unwrap_or(0);
                println!("{gold}: {:.1} {found:?}", 100.0 * right as f64 / found.values().sum::<usize>() as f64);
            }
        }
        "blocks" => {
            let name = args.last().copied().unwrap_or_default();
            match samband::source::read_bytes(name, text.as_bytes()) {
                Err(e) => println!("{e}"),
                Ok(doc) => {
                    let lines: Vec<&str> = doc.blocks.iter().map(|b| b.text.as_str()).collect();
                    let date = doc.date.clone().or_else(|| document_date(&lines));
                    println!("{:?} {:?} {:?} {:?}", doc.title, date, doc.publisher, language(&text));
                    let mut last_year = None;
                    for block in &doc.blocks {
                        println!("{:?}", block.kind);
                        for s in sentences(&block.text, lang) {
                            println!("    {}", &block.text[s.start as usize..s.end as usize]);
                            for d in dates(&s.tokens, lang, DateContext { document: date.as_ref(), last_year }) {
                                last_year = d.value.first_year().or(last_year);
                                println!("        {:?} {}", d.kind, d.value);
                            }
                        }
                    }
                }
            }
        }
        "speed" => {
            let paragraphs: Vec<String> = text.lines().collect::<Vec<_>>().chunks(10).map(|c| c.join(" ")).collect();
            let start = Instant::now();
            let (mut bytes, mut n) = (0, 0);
            while start.elapsed().as_secs_f64() < 1.0 {
                for p in &paragraphs {
                    n += sentences(p, lang).len();
                    bytes += p.len();
                }
            }
            println!("{n} sentences, {:.1} MB/s", bytes as f64 / 1e6 / start.elapsed().as_secs_f64());
            let all: Vec<_> = paragraphs.iter().flat_map(|p| sentences(p, lang)).collect();
            let count: usize = all.iter().map(|s| s.tokens.len()).sum();
            let start = Instant::now();
            let found: usize = all.iter().map(|s| dates(&s.tokens, lang, DateContext::default()).len()).sum();
            println!("{found} dates, {:.1} million tokens/s", count as f64 / 1e6 / start.elapsed().as_secs_f64());
            let words: Vec<&str> = text.split_whitespace().filter(|w| w.starts_with(char::is_uppercase)).collect();
            let start = Instant::now();
            let bases: usize = words.iter().map(|w| base_forms(w, lang).len()).sum();
            let each = start.elapsed().as_secs_f64() * 1e6 / words.len().max(1) as f64;
            println!("{bases} base forms of {} words, {each:.1} µs a word", words.len());
        }
        _ => return ExitCode::from(2),
    }
    ExitCode::SUCCESS
}

fn score_sentences(text: &str, lang: Lang, verbose: bool) {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let (mut right, mut found, mut gold) = (0, 0, 0);
    for chunk in lines.chunks(10) {
        let paragraph = chunk.join(" ");
        let mut ends = BTreeSet::new();
        let mut at = 0;
        for line in chunk {
            ends.insert(at + line.len());
            at += line.len() + 1;
        }
        let ours: BTreeSet<usize> = sentences(&paragraph, lang).iter().map(|s| s.end as usize).collect();
        right += ours.intersection(&ends).count();
        found += ours.len();
        gold += ends.len();
        if verbose {
            let show = |at: usize| {
                let around = |n: usize, step: fn(usize, usize) -> usize| {
                    (0..4).map(|k| step(n, k)).find(|&i| paragraph.is_char_boundary(i))
                };
                let a = around(at.saturating_sub(40), |n, k| n.saturating_sub(k)).unwrap_or(0);
                let b = around((at + 30).min(paragraph.len()), |n, k| n - k).unwrap_or(at);
                format!("{}|{}", &paragraph[a..at], &paragraph[at..b])
            };
            ours.difference(&ends).for_each(|&at| println!("- {}", show(at)));
            ends.difference(&ours).for_each(|&at| println!("+ {}", show(at)));
        }
    }
    let (p, r) = (right as f64 / found as f64, right as f64 / gold as f64);
    println!("{lang}: precision {:.1} recall {:.1} F1 {:.1}", 100.0 * p, 100.0 * r, 200.0 * p * r / (p + r));
}

fn score_bases(text: &str, lang: Lang, verbose: bool) {
    let mut score: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split('\t');
        let (Some(ty), Some(form), Some(lemma)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let bases: Vec<String> = base_forms(form, lang).into_iter().map(|(b, _)| normal(&b)).collect();
        let lemma = normal(lemma);
        let s = score.entry(ty).or_default();
        s[0] += 1;
        s[1] += usize::from(bases.contains(&lemma));
        s[2] += usize::from(bases.first() == Some(&lemma));
        s[3] += bases.len();
        if verbose && bases.first() != Some(&lemma) {
            let miss = if bases.contains(&lemma) { "later" } else { "never" };
            println!("{miss} {ty} {form} -> {lemma}: {bases:?}");
        }
    }
    for (ty, [n, any, first, all]) in score {
        let share = |k: usize| 100.0 * k as f64 / n as f64;
        println!(
            "{ty}: {n} names, in candidates {:.1}, first {:.1}, {:.1} a name",
            share(any),
            share(first),
            all as f64 / n as f64
        );
    }
}
