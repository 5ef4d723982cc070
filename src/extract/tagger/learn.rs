//! Learns the weights: an averaged perceptron over whole lines, with a margin. Reads no files.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::features::{self, AROUND, Look, Seen};
use super::weights::{Row, Transitions, Weights};
use super::{CLASSES, TAGS, Tag, Word, best_path, tag_of};
use crate::model::Lang;
use crate::text::{self, Case};

/// Lines to either side that count as one document where a corpus marks none.
const WINDOW: usize = 25;

/// What is learned how.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Seed of the order in which lines are read.
    pub seed: u64,
    /// By how much the right tag must win.
    pub margin: i32,
    /// Of 256 features of a token so many are overlooked, others at each step, so that none is relied on alone.
    pub overlooked: u32,
    /// A feature counts that stands at so many tokens at least.
    pub least: u32,
    /// Features kept at the end, those with the largest weights.
    pub kept: usize,
}

/// A word and the features that it gives to itself and its neighbours, by offset.
struct Kind {
    look: Look,
    features: [Vec<u32>; 2 * AROUND + 1],
}

struct Line {
    kinds: Vec<u32>,
    /// Features of its tokens that depend on what stands around them, one after the other.
    around: Vec<u32>,
    /// Where those of each token end.
    ends: Vec<u32>,
    gold: Vec<Tag>,
    classes: Vec<usize>,
}

/// Learns from corpora: [`Learner::read`] them, [`Learner::ready`], then [`Learner::pass`] over them some times.
pub struct Learner {
    settings: Settings,
    kinds: Vec<Kind>,
    ids: FxHashMap<u64, u32>,
    lines: Vec<Line>,
    hashes: Vec<u32>,
    now: Vec<[i32; TAGS + 1]>,
    sums: Vec<[i64; TAGS + 1]>,
    moves: Box<Transitions>,
    move_sums: Vec<i64>,
    step: i64,
    random: u64,
    /// Sums of the means of earlier rounds: weights, then transitions.
    before: Vec<[f64; TAGS]>,
    moves_before: Vec<f64>,
}

impl Learner {
    /// One that has read nothing.
    pub fn new(settings: Settings) -> Learner {
        Learner {
            settings,
            kinds: Vec::new(),
            ids: FxHashMap::default(),
            lines: Vec::new(),
            hashes: Vec::new(),
            now: Vec::new(),
            sums: Vec::new(),
            moves: Box::default(),
            move_sums: vec![0; CLASSES * (TAGS + 1) * TAGS],
            step: 1,
            random: settings.seed | 1,
            before: Vec::new(),
            moves_before: vec![0.0; CLASSES * (TAGS + 1) * TAGS],
        }
    }

    /// Reads a corpus: lines of tokens with their tags as the corpus spells them, in the order of the text.
    pub fn read(&mut self, lang: Lang, corpus: &[Vec<(&str, &str)>]) {
        let lowers: Vec<Vec<String>> =
            corpus.iter().map(|line| line.iter().map(|(form, _)| form.to_lowercase()).collect()).collect();
        let words: Vec<Vec<Word<'_>>> = corpus.iter().zip(&lowers).map(|(line, lower)| words(line, lower)).collect();
        let kinds: Vec<Vec<u32>> = words.iter().map(|line| line.iter().map(|w| self.kind(lang, w)).collect()).collect();
        let mut seen = Seen::default();
        let mut added = 0;
        for at in 0..corpus.len() {
            while added < corpus.len().min(at + WINDOW + 1) {
                seen.add(&looks(&self.kinds, &kinds[added]));
                added += 1;
            }
            if let Some(gone) = at.checked_sub(WINDOW + 1) {
                seen.remove(&looks(&self.kinds, &kinds[gone]));
            }
            let looks = looks(&self.kinds, &kinds[at]);
            let (mut around, mut ends) = (Vec::new(), Vec::new());
            features::around(&looks, &words[at], &seen, |i, feature| {
                while ends.len() < i {
                    ends.push(around.len() as u32);
                }
                around.push(feature);
            });
            while ends.len() < looks.len() {
                ends.push(around.len() as u32);
            }
            let classes = looks.iter().map(|l| l.class()).collect();
            let gold = corpus[at].iter().map(|(_, tag)| tag_of(tag)).collect();
            self.lines.push(Line { kinds: kinds[at].clone(), around, ends, gold, classes });
        }
    }

    fn kind(&mut self, lang: Lang, word: &Word<'_>) -> u32 {
        let key = word.key(lang);
        if let Some(&id) = self.ids.get(&key) {
            return id;
        }
        let bases: Rc<[(String, Case)]> =
            if word.has_base() { text::base_forms(word.form, lang).into() } else { Rc::from([]) };
        let mut own = Vec::new();
        let look = Look::at(lang, word, &bases, &mut own);
        let features = std::array::from_fn(|k| {
            let mut out = Vec::new();
            match k as isize - AROUND as isize {
                0 => std::mem::swap(&mut out, &mut own),
                offset => look.beside(offset, &mut out),
            }
            out
        });
        let id = self.kinds.len() as u32;
        self.kinds.push(Kind { look, features });
        self.ids.insert(key, id);
        id
    }

    /// Numbers the features that stand often enough, once all corpora are read.
    pub fn ready(&mut self) {
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        for line in &self.lines {
            for i in 0..line.kinds.len() {
                features_of(&self.kinds, line, i, |f| *counts.entry(f).or_default() += 1);
            }
        }
        self.hashes = counts.iter().filter(|(_, n)| **n >= self.settings.least).map(|(f, _)| *f).collect();
        self.hashes.sort_unstable();
        let numbers: FxHashMap<u32, u32> = self.hashes.iter().enumerate().map(|(n, f)| (*f, n as u32)).collect();
        let number = |list: &mut Vec<u32>| {
            list.retain_mut(|f| {
                numbers.get(f).is_some_and(|n| {
                    *f = *n;
                    true
                })
            });
        };
        for kind in &mut self.kinds {
            kind.features.iter_mut().for_each(number);
        }
        for line in &mut self.lines {
            let (mut kept, mut ends) = (Vec::new(), Vec::new());
            let mut from = 0;
            for &end in &line.ends {
                kept.extend(line.around[from..end as usize].iter().filter_map(|f| numbers.get(f).copied()));
                ends.push(kept.len() as u32);
                from = end as usize;
            }
            (line.around, line.ends) = (kept, ends);
        }
        self.now = vec![[0; TAGS + 1]; self.hashes.len()];
        self.sums = vec![[0; TAGS + 1]; self.hashes.len()];
    }

    /// Reads all lines once, in an order of its own, and learns from those that it gets wrong; how many these are.
    pub fn pass(&mut self) -> usize {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        for i in (1..order.len()).rev() {
            let other = (self.next_random() % (i as u64 + 1)) as usize;
            order.swap(i, other);
        }
        let mut wrong = 0;
        for at in order {
            self.step += 1;
            let line = &self.lines[at];
            let (step, overlooked) = (self.step, self.settings.overlooked);
            let sees = |f: u32| features::hash_of(step as u64, f) % 256 >= overlooked;
            let mut scores = vec![Row::default(); line.kinds.len()];
            for (i, row) in scores.iter_mut().enumerate() {
                let now = &self.now;
                let mut sum = [0; TAGS + 1];
                features_of(&self.kinds, line, i, |f| {
                    if !sees(f) {
                        return;
                    }
                    sum.iter_mut().zip(&now[f as usize]).for_each(|(s, w)| *s += w);
                });
                row.copy_from_slice(&sum[..TAGS]);
                // the others get a start, so that the right one must win by more than nothing
                let gold = line.gold[i] as usize;
                row.iter_mut().enumerate().filter(|(t, _)| *t != gold).for_each(|(_, s)| *s += self.settings.margin);
            }
            let tags = best_path(&scores, &line.classes, &self.moves);
            if tags == line.gold {
                continue;
            }
            wrong += 1;
            let (now, sums) = (&mut self.now, &mut self.sums);
            for (i, (&tag, &gold)) in tags.iter().zip(&line.gold).enumerate() {
                if tag != gold {
                    features_of(&self.kinds, line, i, |f| {
                        if !sees(f) {
                            return;
                        }
                        let (n, s) = (&mut now[f as usize], &mut sums[f as usize]);
                        n[gold as usize] += 1;
                        n[tag as usize] -= 1;
                        s[gold as usize] += step;
                        s[tag as usize] -= step;
                    });
                }
                let before = |tags: &[Tag]| i.checked_sub(1).map_or(TAGS, |b| tags[b] as usize);
                let (b_gold, b_tag) = (before(&line.gold), before(&tags));
                if (b_gold, gold) != (b_tag, tag) {
                    let class = line.classes[i];
                    for (b, t, by) in [(b_gold, gold as usize, 1), (b_tag, tag as usize, -1)] {
                        self.moves[class][b][t] += by;
                        self.move_sums[(class * (TAGS + 1) + b) * TAGS + t] += i64::from(by) * step;
                    }
                }
            }
        }
        wrong
    }

    /// Begins anew from nothing, in other orders; what was learned so far is kept, and the weights are the mean of all
    /// rounds, which errs less than any of them.
    pub fn again(&mut self) {
        let (weights, moves) = self.means();
        (self.before, self.moves_before) = (weights, moves);
        self.now.fill([0; TAGS + 1]);
        self.sums.fill([0; TAGS + 1]);
        *self.moves = Transitions::default();
        self.move_sums.fill(0);
        self.step = 1;
    }

    /// The sums of the means over all steps, of this round and those before: weights and transitions.
    fn means(&self) -> (Vec<[f64; TAGS]>, Vec<f64>) {
        // step × now − sums is the exact sum over all steps
        let mean = |now: i32, sum: i64| (self.step * i64::from(now) - sum) as f64 / self.step as f64;
        let rows = self.now.iter().zip(&self.sums).enumerate().map(|(f, (now, sums))| {
            let before = self.before.get(f).copied().unwrap_or_default();
            std::array::from_fn(|t| before[t] + mean(now[t], sums[t]))
        });
        let moves = self.moves.iter().flatten().flatten().zip(&self.move_sums);
        let moves = moves.zip(&self.moves_before).map(|((now, sum), before)| before + mean(*now, *sum));
        (rows.collect(), moves.collect())
    }

    fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random >> 11
    }

    /// The mean of the weights of all steps, in bytes, without those features that say least.
    pub fn weights(&self) -> Weights {
        let (means, moves) = self.means();
        let mut rows: Vec<(f64, u32, [f64; TAGS])> = Vec::new();
        for (f, row) in means.into_iter().enumerate() {
            let most = row.iter().map(|w| w.abs()).fold(0.0, f64::max);
            if most > 0.0 {
                rows.push((most, self.hashes[f], row));
            }
        }
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        rows.truncate(self.settings.kept);
        // a few features say far more than all others: the scale is set by the rest, these are cut to it
        let scale = rows.get(rows.len() / 1000).map_or(1.0, |r| r.0) / 127.0;
        let byte = |w: f64| (w / scale).round().clamp(-127.0, 127.0) as i8;
        let features: Vec<(u32, [i8; TAGS])> =
            rows.iter().map(|(_, hash, row)| (*hash, row.map(byte))).filter(|(_, row)| *row != [0; TAGS]).collect();
        let moves: Vec<i16> = moves.iter().map(|w| (w / scale).round().clamp(-32000.0, 32000.0) as i16).collect();
        Weights::new(features, &moves, scale as f32)
    }

    /// Number of features that are learned.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether nothing is learned.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }
}

/// The words of a line of a corpus.
pub(crate) fn words<'t>(line: &[(&'t str, &str)], lower: &'t [String]) -> Vec<Word<'t>> {
    line.iter().zip(lower).map(|((form, _), lower)| Word { form, lower, shape: text::shape(form) }).collect()
}

fn looks<'k>(kinds: &'k [Kind], line: &[u32]) -> Vec<&'k Look> {
    line.iter().map(|&k| &kinds[k as usize].look).collect()
}

/// All features of a token.
fn features_of(kinds: &[Kind], line: &Line, i: usize, mut put: impl FnMut(u32)) {
    for k in 0..=2 * AROUND {
        if let Some(&at) = (i + AROUND).checked_sub(k).and_then(|at| line.kinds.get(at)) {
            kinds[at as usize].features[k].iter().for_each(|&f| put(f));
        }
    }
    let from = i.checked_sub(1).map_or(0, |b| line.ends[b] as usize);
    line.around[from..line.ends[i] as usize].iter().for_each(|&f| put(f));
}
