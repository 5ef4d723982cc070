//! Learns the weights of `grammar/language.tsv` with an averaged perceptron.
//!
//! ```text
//! cargo run --release --example train_language -- LANG=FILE… > grammar/language.tsv
//! ```
//! Each FILE has one token a line (what follows a TAB is left out) and a blank line between sentences. Sentences are
//! read in turn from each language, so that no language weighs more for having more text.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::collections::BTreeMap;
use std::process::ExitCode;

use samband::model::Lang;
use samband::text::language_features;

/// Features kept, and rounds over the text.
const KEPT: usize = 9000;
const ROUNDS: usize = 6;

#[derive(Default, Clone)]
struct Weight {
    now: [f64; 5],
    sum: [f64; 5],
    seen: f64,
    count: u32,
}

fn main() -> ExitCode {
    let mut texts: [Vec<String>; 5] = Default::default();
    for arg in std::env::args().skip(1) {
        let parsed =
            arg.split_once('=').and_then(|(l, f)| Some((Lang::from_word(l)?, std::fs::read_to_string(f).ok()?)));
        let Some((lang, file)) = parsed else {
            eprintln!("{arg}: write LANG=FILE");
            return ExitCode::from(2);
        };
        for sentence in file.split("\n\n") {
            let words: Vec<&str> = sentence.lines().filter_map(|l| l.split('\t').next()).collect();
            texts[lang as usize].push(words.join(" "));
        }
    }
    let most = texts.iter().map(Vec::len).max().unwrap_or(0);
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    let mut weights: Vec<Weight> = Vec::new();
    let mut step = 0.0;
    for round in 0..ROUNDS {
        let mut wrong = 0;
        for i in 0..most {
            for (gold, sentences) in texts.iter().enumerate().filter(|(_, s)| !s.is_empty()) {
                // Every other round learns from pieces of sentences, for short texts are the hard ones.
                let sentence = &sentences[(i * 7919) % sentences.len()];
                let piece =
                    if round % 2 == 1 { sentence.split_inclusive(' ').take(5).collect() } else { sentence.clone() };
                let mut features = Vec::new();
                language_features(&piece, |f| {
                    let next = index.len();
                    let id = *index.entry(f.to_owned()).or_insert(next);
                    if id == weights.len() {
                        weights.push(Weight::default());
                    }
                    features.push(id);
                });
                if features.is_empty() {
                    continue;
                }
                step += 1.0;
                let mut scores = [0.0; 5];
                for &f in &features {
                    weights[f].count += u32::from(round == 0);
                    scores.iter_mut().zip(weights[f].now).for_each(|(s, w)| *s += w);
                }
                // A margin keeps near misses learning.
                let margin = 2.0 * features.len() as f64 / 10.0;
                let rival = (0..5).filter(|&l| l != gold).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
                let Some(rival) = rival else { continue };
                if scores[gold] < scores[rival] + margin {
                    wrong += 1;
                    for &f in &features {
                        let w = &mut weights[f];
                        for l in 0..5 {
                            w.sum[l] += w.now[l] * (step - w.seen);
                        }
                        w.seen = step;
                        w.now[gold] += 1.0 / features.len() as f64 * 10.0;
                        w.now[rival] -= 1.0 / features.len() as f64 * 10.0;
                    }
                }
            }
        }
        eprintln!("round {round}: {wrong} of {} updated", most * texts.len());
    }
    let mut rows: Vec<(f64, &String, [f64; 5])> = Vec::new();
    for (feature, &id) in &index {
        let w = &weights[id];
        let mut mean = [0.0; 5];
        for (m, (sum, now)) in mean.iter_mut().zip(w.sum.iter().zip(w.now)) {
            *m = (sum + now * (step - w.seen)) / step;
        }
        let middle = mean.iter().sum::<f64>() / 5.0;
        mean.iter_mut().for_each(|m| *m -= middle);
        let spread = mean.iter().map(|m| m.abs()).fold(0.0, f64::max);
        if w.count >= 4 {
            rows.push((spread * f64::from(w.count).sqrt(), feature, mean));
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    rows.truncate(KEPT);
    let top = rows.iter().flat_map(|r| r.2).map(f64::abs).fold(0.0, f64::max);
    rows.sort_by(|a, b| a.1.cmp(b.1));
    println!("# Weights of letter groups and words by language: feature, then sv fi en nb da. Learned by");
    println!("# examples/train_language.rs from annotated corpora; licence and sources: see NOTICE (CC BY-SA 4.0).");
    for (_, feature, mean) in rows {
        let scaled = mean.map(|m| (m / top * 127.0).round() as i64);
        if scaled.iter().any(|s| *s != 0) {
            let scaled = scaled.map(|s| s.to_string());
            println!("{feature}\t{}", scaled.join("\t"));
        }
    }
    ExitCode::SUCCESS
}
