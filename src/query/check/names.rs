//! Labels, relations and properties that the graph does not have.

use super::super::ast::{LabelExpr, Name};
use super::super::error::{Detail, Diagnostic, ErrorType, QueryError};
use super::super::parse::nearest;
use super::super::question::Vocabulary;
use super::{Check, Checker};

impl Checker<'_> {
    /// The labels of a node.
    pub(super) fn labels(&mut self, labels: &LabelExpr) -> Check<()> {
        labels.names().into_iter().try_for_each(|name| self.label(name))
    }

    fn label(&mut self, name: &Name) -> Check<()> {
        let schema = self.environment.schema;
        if schema.has_label(&name.text) {
            return Ok(());
        }
        self.unknown("label", Detail::UnknownLabel, name, &schema.labels())
    }

    /// The types of a relationship.
    pub(super) fn relations(&mut self, types: &LabelExpr) -> Check<()> {
        types.names().into_iter().try_for_each(|name| self.relation(name))
    }

    fn relation(&mut self, name: &Name) -> Check<()> {
        let schema = self.environment.schema;
        if schema.has_relation(&name.text) {
            return Ok(());
        }
        self.unknown("relation", Detail::UnknownRelation, name, &schema.relations())
    }

    /// Labels of something that may be a node or a relationship.
    pub(super) fn labels_or_relations(&mut self, labels: &LabelExpr) -> Check<()> {
        for name in labels.names() {
            if !self.environment.schema.has_relation(&name.text) {
                self.label(name)?;
            }
        }
        Ok(())
    }

    /// A property of a node or relationship.
    pub(super) fn property(&mut self, name: &Name) -> Check<()> {
        let schema = self.environment.schema;
        if schema.has_property(&name.text) {
            return Ok(());
        }
        self.unknown("property", Detail::UnknownProperty, name, &schema.properties())
    }

    fn unknown(&mut self, what: &str, detail: Detail, name: &Name, known: &[String]) -> Check<()> {
        let message = format!("the graph has no {what} `{}`", name.text);
        // A word of the questions, in any of their languages, may be what was meant.
        let asked = || Vocabulary::meant(what, &name.text).filter(|word| known.iter().any(|k| k == word));
        let help = match nearest(&name.text, known.iter().map(String::as_str)).or_else(asked) {
            Some(near) => Some(format!("did you mean `{near}`?")),
            None if known.is_empty() => None,
            None => Some(listing(what, known)),
        };
        if self.environment.schema.closed() {
            return Err(QueryError::compile(ErrorType::NameError, detail, message).at(name.span).maybe_help(help));
        }
        self.warnings.push(Diagnostic { message, span: Some(name.span), help });
        Ok(())
    }
}

/// Names that a message lists: all relations are among them.
const MOST: usize = 16;

/// The names that there are, the first of them by the alphabet.
fn listing(what: &str, known: &[String]) -> String {
    let mut names = known.iter().map(String::as_str).collect::<Vec<_>>();
    names.sort_unstable();
    let more = if names.len() > MOST { " …" } else { "" };
    names.truncate(MOST);
    let plural = if what == "property" { "properties".to_owned() } else { format!("{what}s") };
    format!("its {plural}: {}{more}", names.join(", "))
}
