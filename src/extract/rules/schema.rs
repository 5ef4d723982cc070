//! The schema of the relations, read from `grammar/relations`: ends, symmetry and wording.

use std::sync::OnceLock;

use super::ast::TypeSet;
use crate::model::{Relation, Type};

const TEXT: &str = include_str!("../../../grammar/relations");

/// One line of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// The relation.
    pub relation: Relation,
    /// What may stand at its start.
    pub from: TypeSet,
    /// What may stand at its end.
    pub to: TypeSet,
    /// Whether it has no direction.
    pub symmetric: bool,
    /// How it is said: "is a member of".
    pub says: String,
    /// How its inverse is said: "has as member".
    pub inverse: String,
}

/// All lines of the schema; a relation may have several.
pub fn schema() -> &'static [Schema] {
    static SCHEMA: OnceLock<Vec<Schema>> = OnceLock::new();
    SCHEMA.get_or_init(|| TEXT.lines().filter_map(line).collect())
}

/// Whether the schema lets an entity of one type stand at the start and one of another at the end.
pub fn allows(relation: Relation, from: Type, to: Type) -> bool {
    schema().iter().any(|s| s.relation == relation && s.from.has(from) && s.to.has(to))
}

/// Whether any pair of the types fits the relation.
pub(super) fn fits(relation: Relation, from: TypeSet, to: TypeSet) -> bool {
    schema().iter().any(|s| s.relation == relation && s.from.0 & from.0 != 0 && s.to.0 & to.0 != 0)
}

/// `Actor or Region`, for messages.
pub(super) fn ends(relation: Relation) -> (String, String) {
    let mut from = Vec::new();
    let mut to = Vec::new();
    for line in TEXT.lines() {
        let Some((name, rest)) = line.split_once(':') else { continue };
        let Some((f, t)) = rest.split_once("->") else { continue };
        if name.trim() == relation.word() {
            from.push(f.trim().replace('|', " or "));
            to.push(t.split_whitespace().next().unwrap_or("").replace('|', " or "));
        }
    }
    (from.join(" or "), to.join(" or "))
}

/// One line; `None` for a comment, or a line that does not read (a test holds that there is none).
fn line(text: &str) -> Option<Schema> {
    let text = text.trim();
    if text.starts_with('#') {
        return None;
    }
    let (name, rest) = text.split_once(':')?;
    let (from, rest) = rest.split_once("->")?;
    let (ends, wording) = rest.split_once('"')?;
    let (says, rest) = wording.split_once('"')?;
    let (_, rest) = rest.split_once('"')?;
    let (inverse, _) = rest.split_once('"')?;
    let mut words = ends.split_whitespace();
    Some(Schema {
        relation: Relation::from_word(name.trim())?,
        from: set(from)?,
        to: set(words.next()?)?,
        symmetric: words.next() == Some("symmetric"),
        says: says.to_owned(),
        inverse: inverse.to_owned(),
    })
}

fn set(text: &str) -> Option<TypeSet> {
    text.split('|').map(|l| TypeSet::of_label(l.trim())).try_fold(TypeSet::default(), |all, s| Some(all.or(s?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_that_of_the_model() {
        let lines = TEXT.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#')).count();
        assert_eq!(schema().len(), lines, "a line of grammar/relations does not read");
        for &r in Relation::ALL {
            assert!(schema().iter().any(|s| s.relation == r), "{r} is missing");
            assert_eq!(schema().iter().any(|s| s.relation == r && s.symmetric), r.symmetric(), "{r}");
            for &f in Type::ALL {
                for &t in Type::ALL {
                    assert_eq!(allows(r, f, t), r.allows(f, t), "{r} from {f} to {t}");
                }
            }
        }
    }
}
