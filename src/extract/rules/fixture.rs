//! What the tests of this room share: sentences cut by hand.

use std::ops::Range;

use crate::extract::sentence::{Group, SentenceMention, View};
use crate::model::{Lang, LocalId, Type};
use crate::text::{Case, Token, tokens};

/// A sentence with its mentions marked by hand: `[Luleå|City]`, `[Oulun|City:gen]`, `//` where a clause begins.
/// Mentions with only commas and conjunctions between them are a group.
pub(super) struct Marked {
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
    pub(super) mentions: Vec<SentenceMention>,
    pub(super) groups: Vec<Group>,
    pub(super) clauses: Vec<Range<usize>>,
}

impl Marked {
    pub(super) fn new(marked: &str) -> Marked {
        let mut text = String::new();
        let (mut spans, mut borders) = (Vec::new(), Vec::new());
        let mut rest = marked;
        while let Some(c) = rest.chars().next() {
            if let Some(r) = rest.strip_prefix("// ") {
                borders.push(text.len());
                rest = r;
            } else if let Some(r) = rest.strip_prefix('[') {
                let (inside, after) = r.split_once(']').unwrap();
                let (name, ty) = inside.split_once('|').unwrap();
                let (ty, case) = ty.split_once(':').unwrap_or((ty, "nom"));
                let case = Case::WORDS.iter().find(|(w, _)| *w == case).unwrap().1;
                spans.push((text.len(), text.len() + name.len(), Type::from_word(ty).unwrap(), case, name.to_owned()));
                text.push_str(name);
                rest = after;
            } else {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        let tokens = tokens(&text);
        let at = |byte: usize| tokens.partition_point(|t| (t.start as usize) < byte);
        let mut names: Vec<String> = Vec::new();
        let mut mentions: Vec<SentenceMention> = Vec::new();
        for (start, end, ty, case, name) in spans {
            let entity = names.iter().position(|n| *n == name).unwrap_or_else(|| {
                names.push(name);
                names.len() - 1
            });
            let tokens = at(start)..at(end);
            mentions.push(SentenceMention {
                tokens,
                entity: LocalId(entity as u32),
                ty,
                case,
                group: None,
                reference: false,
            });
        }
        let mut groups: Vec<Group> = Vec::new();
        for i in 1..mentions.len() {
            let between = mentions[i - 1].tokens.end..mentions[i].tokens.start;
            let joined = !between.is_empty()
                && tokens[between].iter().all(|t| matches!(t.lower.as_str(), "," | "och" | "samt" | "and" | "ja"));
            if !joined {
                continue;
            }
            let case = mentions[i].case;
            match mentions[i - 1].group {
                Some(g) => {
                    groups[g].tokens.end = mentions[i].tokens.end;
                    groups[g].members.push(i);
                    groups[g].case = case;
                    mentions[i].group = Some(g);
                }
                None => {
                    let tokens = mentions[i - 1].tokens.start..mentions[i].tokens.end;
                    groups.push(Group { tokens, members: vec![i - 1, i], case });
                    mentions[i - 1].group = Some(groups.len() - 1);
                    mentions[i].group = Some(groups.len() - 1);
                }
            }
        }
        let mut starts = vec![0];
        starts.extend(borders.into_iter().map(at));
        let clauses =
            (0..starts.len()).map(|i| starts[i]..starts.get(i + 1).copied().unwrap_or(tokens.len())).collect();
        Marked { text, tokens, mentions, groups, clauses }
    }

    pub(super) fn view(&self, lang: Lang) -> View<'_> {
        View {
            lang,
            block: 0,
            text: &self.text,
            start: 0,
            end: self.text.len() as u32,
            tokens: &self.tokens,
            mentions: self.mentions.clone(),
            groups: self.groups.clone(),
            clauses: self.clauses.clone(),
        }
    }

    pub(super) fn form(&self, tokens: &Range<usize>) -> &str {
        &self.text[self.tokens[tokens.start].start as usize..self.tokens[tokens.end - 1].end as usize]
    }
}
