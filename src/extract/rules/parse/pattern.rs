//! Patterns: sequences of elements and what each matches.

use pest::iterators::Pair;

use super::{Place, R, Reader, capture_name, tokenize, unquote};
use crate::extract::rules::ast::{Atom, Element, Quantifier, Seq, ShapeTest, TypeSet};

impl Reader<'_> {
    pub(super) fn alternatives(&mut self, pair: Pair<'_, R>, place: Place) -> Vec<Seq> {
        pair.into_inner().filter(|p| p.as_rule() == R::sequence).map(|p| self.sequence(p, place)).collect()
    }

    pub(super) fn sequence(&mut self, pair: Pair<'_, R>, place: Place) -> Seq {
        let pos = self.pos(pair.as_span().start());
        let mut elements = Vec::new();
        for e in pair.into_inner().filter(|p| p.as_rule() == R::element) {
            let (mut capture, mut atom, mut quantifier) = (None, None, Quantifier::One);
            for p in e.into_inner() {
                match p.as_rule() {
                    R::capture => capture = Some(capture_name(p.as_str())),
                    R::quantifier => {
                        quantifier = match p.as_str() {
                            "?" => Quantifier::Optional,
                            "*" => Quantifier::Many,
                            _ => Quantifier::Some,
                        }
                    }
                    _ => atom = self.atom(p, place),
                }
            }
            if let Some(atom) = atom {
                elements.push(Element { capture, atom, quantifier });
            }
        }
        Seq { elements, pos }
    }

    pub(super) fn atom(&mut self, p: Pair<'_, R>, place: Place) -> Option<Atom> {
        let at = p.as_span().start();
        Some(match p.as_rule() {
            R::gap => Atom::Gap,
            R::group => {
                let inner = p.into_inner().find(|q| q.as_rule() == R::alternatives)?;
                Atom::Group(self.alternatives(inner, place))
            }
            R::class_ref => {
                let s = p.as_str();
                let ending = s.starts_with('-');
                let body = s.trim_start_matches(['-', '%']);
                let (name, tag) = body.split_once(':').map_or((body, None), |(n, t)| (n, Some(t.to_owned())));
                Atom::Class { name: name.to_owned(), tag, ending }
            }
            R::suffix => Atom::Suffix(p.as_str().trim_start_matches('-').to_lowercase()),
            R::prefix => Atom::Prefix(p.as_str().trim_end_matches('-').to_lowercase()),
            R::word => match (p.as_str(), place) {
                ("trigger", Place::Condition) => Atom::Trigger,
                ("head", Place::EventName) => Atom::Head,
                (w, _) => Atom::Word(w.to_owned()),
            },
            R::string => {
                let words = tokenize(&unquote(p));
                match <[String; 1]>::try_from(words) {
                    Ok([word]) => Atom::Word(word),
                    Err(words) if words.is_empty() => {
                        self.fail(
                            at,
                            "an empty text matches nothing".to_owned(),
                            Some("write a word in it".to_owned()),
                        );
                        return None;
                    }
                    Err(words) => Atom::Phrase(words),
                }
            }
            R::type_test => {
                let (mut name, mut types, mut case) = (String::new(), TypeSet::default(), None);
                for q in p.into_inner() {
                    match q.as_rule() {
                        R::types => {
                            name = q.as_str().trim().to_owned();
                            types = self.types(q);
                        }
                        R::name => case = self.case(q.as_str(), q.as_span().start()),
                        _ => {}
                    }
                }
                Atom::Type { name, types, case }
            }
            R::shape_test => {
                let names: Vec<Pair<'_, R>> = p.into_inner().filter(|q| q.as_rule() == R::name).collect();
                let first = names.first()?;
                let shape = ShapeTest::WORDS.iter().find(|(w, _)| *w == first.as_str()).map(|(_, s)| *s);
                let Some(shape) = shape else {
                    let all: Vec<&str> = ShapeTest::WORDS.iter().map(|(w, _)| *w).collect();
                    let s = format!("use one of {}; a type of mention stands in `<…>`", all.join(", "));
                    self.fail(first.as_span().start(), format!("no shape `{}`", first.as_str()), Some(s));
                    return None;
                };
                let case = names.get(1).and_then(|q| self.case(q.as_str(), q.as_span().start()));
                Atom::Shape { shape, case }
            }
            _ => return None,
        })
    }
}
