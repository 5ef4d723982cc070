//! Syntax errors in plain words: what was expected, what was found, what was meant.

use pest::error::{ErrorVariant, InputLocation};

use super::{R, Reader};
use crate::extract::rules::error::{RuleError, nearest};

/// The deepest nesting of groups.
const MAX_DEPTH: usize = 16;

/// Where round brackets nest deeper than the parser's recursion should go.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut comment, mut escaped) = (0usize, false, false, false);
    for (i, b) in text.bytes().enumerate() {
        match b {
            b'\n' if comment => comment = false,
            _ if comment => {}
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'#' => comment = true,
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' | b'}' => depth = 0,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Some(i);
        }
    }
    None
}

/// The keywords that begin something, for "did you mean".
const KEYWORDS: [&str; 37] = [
    "language",
    "paradigm",
    "inflect",
    "class",
    "case",
    "cue",
    "mention",
    "list",
    "table",
    "col",
    "apposition",
    "event",
    "corefer",
    "publisher",
    "rule",
    "when",
    "unless",
    "only",
    "emit",
    "with",
    "test",
    "not",
    "by",
    "left",
    "right",
    "any",
    "subject",
    "at",
    "after",
    "before",
    "within",
    "clause",
    "sentence",
    "each",
    "since",
    "until",
    "date",
];

/// A grammar rule in plain words; `None` for one that would only add noise.
fn plain(named: &R) -> Option<&'static str> {
    Some(match named {
        R::language | R::kw_language => "`language sv \"Svenska\";`",
        R::EOI => "the end of the file",
        R::paradigm | R::inflect | R::class | R::case_endings | R::cue | R::mention | R::list | R::table => {
            "a statement"
        }
        R::apposition | R::event | R::corefer | R::rule => "a statement",
        R::when => "`when`",
        R::unless => "`unless`",
        R::only => "`only`",
        R::emit => "`emit`",
        R::test => "`test`",
        R::reject => "`not`",
        R::slot => "a slot (`from : Actor …`)",
        R::side => "a side (`left right any subject at`)",
        R::after | R::kw_after => "`after`",
        R::before | R::kw_before => "`before`",
        R::slot_case | R::kw_case => "`case`",
        R::within | R::kw_within => "`within`",
        R::each => "`each`",
        R::or_publisher => "`or publisher`",
        R::optional => "`?`",
        R::kw_not => "`not`",
        R::kw_publisher => "`publisher`",
        R::kw_with => "`with`",
        R::kw_by => "`by`",
        R::kw_col | R::column => "`col`",
        R::kw_clause => "`clause`",
        R::kw_sentence => "`sentence`",
        R::kw_name => "`name`",
        R::scope | R::cue_side => "`left` or `right`",
        R::types | R::type_name => "a type",
        R::relation => "a relation (`PARTNERS_WITH`)",
        R::facts | R::emitted | R::expected => "a fact (`RELATION(from, to)`)",
        R::argument => "the name of a slot",
        R::attribute | R::attributes => "an attribute (`role = …`)",
        R::expectation => "a modality, `role`, `since`, `until` or `date`",
        R::edtf => "a date (`2018-05`)",
        R::name => "a name",
        R::rule_name => "a rule's name (`partner.cooperate`)",
        R::slot_name => "a slot's name",
        R::number => "a number",
        R::string => "a quoted text",
        R::word => "a word",
        R::prefix | R::suffix | R::capture => return None,
        R::class_name | R::class_ref => "a class (`%name`)",
        R::class_entry => "a word, a quoted phrase or a class",
        R::ending => "an ending (`-ar`)",
        R::tag | R::tag_head => return None,
        R::stem | R::stems => "a stem",
        R::alternatives | R::sequence | R::element => "a pattern",
        R::gap | R::dots => "`..`",
        R::group => "`(`",
        R::type_test => "`<Type>`",
        R::shape_test => "`[Shape]`",
        R::priority => "a priority (`@10`)",
        R::quantifier | R::star | R::plus | R::question => return None,
        R::ending_block => "`;` or a block of tests",
        R::semi => "`;`",
        R::bar => "`|`",
        R::equals => "`=`",
        R::arrow => "`=>`",
        R::colon => "`:`",
        R::comma => "`,`",
        R::slash => "`/`",
        R::open => "`{`",
        R::close => "`}`",
        R::lparen => "`(`",
        R::rparen => "`)`",
        R::lbracket => "`[`",
        R::rbracket => "`]`",
        R::less => "`<`",
        R::greater => "`>`",
        _ => return None,
    })
}

impl Reader<'_> {
    /// pest's error in plain words.
    pub(super) fn syntax(&self, e: &pest::error::Error<R>) -> RuleError {
        let offset = match e.location {
            InputLocation::Pos(p) => p,
            InputLocation::Span((s, _)) => s,
        };
        let mut expected: Vec<&str> = Vec::new();
        if let ErrorVariant::ParsingError { positives, .. } = &e.variant {
            for p in positives.iter().filter_map(plain) {
                if !expected.contains(&p) {
                    expected.push(p);
                }
            }
        }
        let rest = self.text.get(offset..).unwrap_or("");
        let found: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(40).collect();
        let shown = match (found.is_empty(), rest.chars().next()) {
            (false, _) => format!("`{found}`"),
            (true, Some(c)) => format!("`{c}`"),
            (true, None) => "the end of the file".to_owned(),
        };
        let message = match expected.split_last() {
            None => format!("{shown} cannot stand here"),
            Some((one, [])) => format!("expected {one}, found {shown}"),
            Some((last, others)) => format!("expected {} or {last}, found {shown}", others.join(", ")),
        };
        let semicolon = expected.contains(&"`;`") && KEYWORDS.contains(&found.as_str());
        let suggestion = if semicolon {
            Some("a statement ends with `;`".to_owned())
        } else if found.is_empty() {
            match rest.chars().next() {
                Some('/') => Some("comments begin with `#`; patterns are words, never regular expressions".to_owned()),
                Some(':') => Some("quote a word that holds a colon: \"EU:s\"".to_owned()),
                Some('\'' | '“' | '”' | '«' | '„') => Some("use straight double quotes: \"…\"".to_owned()),
                None => Some("a `;`, a quotation mark or a `}` is missing".to_owned()),
                _ => None,
            }
        } else {
            nearest(&found, KEYWORDS).filter(|k| *k != found).map(|k| format!("did you mean `{k}`?"))
        };
        self.error(offset, &message, suggestion.as_deref())
    }
}
