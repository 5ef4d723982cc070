//! Questions and statements: from the command line, a file or stdin to an answer in the form asked for.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::args::{AnswerArgs, Format};
use super::output::{remark, warn};
use super::{Failure, Out, on_terminal};
use crate::graph::Graph;
use crate::query::answer::{Answer, Options, Params};
use crate::query::parse;
use crate::query::value::Value;
use crate::render::{self, Form, TableStyle};

/// What the arguments mean for answers.
pub(crate) struct Manner {
    pub(crate) form: Form,
    pub(crate) out: Out,
    pub(crate) params: Params,
    pub(crate) options: Options,
    pub(crate) limit: Option<u64>,
    pub(crate) exit_empty: bool,
    pub(crate) keep_going: bool,
}

impl Manner {
    pub(crate) fn of(args: &AnswerArgs) -> Result<Manner, Failure> {
        let by_ending =
            args.output.as_ref().and_then(|o| o.extension()).and_then(|e| e.to_str()).and_then(Form::from_ending);
        let form = match (args.format, by_ending) {
            (Some(f), _) => form_of(f),
            (None, Some(f)) => f,
            (None, None) if args.output.is_none() && on_terminal() => Form::Table,
            (None, None) => Form::Tsv,
        };
        let mut options = super::options();
        if let Some(seconds) = args.timeout {
            let time = Duration::try_from_secs_f64(seconds).map_err(|_| Failure {
                code: 2,
                message: format!("--timeout {seconds} is no time; give seconds, such as 5 or 0.5"),
            })?;
            options.limits.time = Some(time);
        }
        let mut params = Params::default();
        for param in &args.params {
            let (name, value) = param
                .split_once('=')
                .ok_or_else(|| Failure { code: 2, message: format!("--param {param}: write NAME=VALUE") })?;
            params.insert(name.trim_start_matches('$').to_owned(), parameter(value));
        }
        let cancel = options.cancel.clone();
        // A second handler (in the shell) is refused; the first then serves both.
        let _ = ctrlc::set_handler(move || cancel.cancel());
        Ok(Manner {
            form,
            out: Out::to(args.output.as_deref()),
            params,
            options,
            limit: args.limit,
            exit_empty: args.exit_empty,
            keep_going: args.keep_going,
        })
    }
}

fn form_of(format: Format) -> Form {
    match format {
        Format::Table => Form::Table,
        Format::Json => Form::Json,
        Format::Jsonl => Form::Jsonl,
        Format::Csv => Form::Csv,
        Format::Tsv => Form::Tsv,
        Format::Markdown => Form::Markdown,
        Format::Dot => Form::Dot,
    }
}

/// A parameter as typed: numbers, true, false and null as such, quoted text without its quotes, the rest as text.
pub(crate) fn parameter(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ => {
            if let Ok(i) = text.parse::<i64>() {
                return Value::Int(i);
            }
            if text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                && let Ok(f) = text.parse::<f64>()
            {
                return Value::Float(f);
            }
            let quoted = text.len() >= 2
                && (text.starts_with('"') && text.ends_with('"') || text.starts_with('\'') && text.ends_with('\''));
            Value::String(Arc::from(if quoted { &text[1..text.len() - 1] } else { text }))
        }
    }
}

/// How tables look on this screen.
pub(crate) fn style(numbered: bool) -> TableStyle {
    let width = on_terminal().then(|| terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0)));
    TableStyle { width, rows: None, numbered }
}

/// Answers one statement and writes it; gives the number of rows.
pub(crate) fn answer(graph: &Graph, statement: &str, manner: &Manner) -> Result<usize, Failure> {
    let mut answer = crate::query::run(graph, statement, &manner.params, &manner.options)
        .map_err(|e| Failure::statement(&e, statement))?;
    if let Some(limit) = manner.limit {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if answer.rows.len() > limit {
            answer.notes.push(format!("{limit} of {} rows shown (--limit)", answer.rows.len()));
            answer.rows.truncate(limit);
            answer.headings.retain(|h| h.0 < limit);
        }
    }
    aside(&answer, statement, manner.form);
    manner.out.write(&render::answer(&answer, graph, manner.form, &style(false)))?;
    Ok(answer.rows.len())
}

/// What is said beside the answer, on stderr; a table says it itself.
pub(crate) fn aside(answer: &Answer, statement: &str, form: Form) {
    for warning in &answer.warnings {
        warn(warning.render(statement).trim_end());
    }
    if form != Form::Table {
        for line in answer.understood.iter().chain(&answer.notes) {
            remark(&render::clean(line));
        }
    }
}

pub(super) fn query(
    path: &Path,
    question: Option<&str>,
    file: Option<&Path>,
    args: &AnswerArgs,
) -> Result<(), Failure> {
    let manner = Manner::of(args)?;
    let script = match (question, file) {
        (Some(_), Some(_)) => {
            return Err(Failure { code: 2, message: "give a question or --file, not both".to_owned() });
        }
        (None, Some(file)) => {
            std::fs::read_to_string(file).map_err(|e| Failure::file(format!("cannot read {}: {e}", file.display())))?
        }
        (Some("-"), None) | (None, None) => stdin()?,
        (Some(text), None) => text.to_owned(),
    };
    let graph = super::open(path)?;
    statements(&graph, &script, &manner)
}

fn stdin() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|e| Failure::file(format!("cannot read statements from stdin: {e}")))?;
    Ok(text)
}

/// Runs the statements of a script; stops at the first error unless told to keep going.
fn statements(graph: &Graph, script: &str, manner: &Manner) -> Result<(), Failure> {
    let parts = parse::split(script);
    if parts.is_empty() {
        return Err(Failure {
            code: 2,
            message: "there is no question; ask for example \"which partners link A to B\"".to_owned(),
        });
    }
    let mut rows = 0;
    let mut first: Option<u8> = None;
    for part in parts {
        match answer(graph, &script[part], manner) {
            Ok(n) => rows += n,
            Err(failure) if failure.message.is_empty() => return Err(failure),
            Err(failure) if manner.keep_going => {
                super::output::complain(&failure.message);
                first.get_or_insert(failure.code);
            }
            Err(failure) => return Err(failure),
        }
    }
    match first {
        Some(code) => Err(Failure { code, message: String::new() }),
        None if manner.exit_empty && rows == 0 => Err(Failure { code: 4, message: String::new() }),
        None => Ok(()),
    }
}

/// The shell on a terminal, statements from stdin otherwise.
pub(super) fn interactive(path: &Path, args: &AnswerArgs, no_config: bool) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        let manner = Manner::of(args)?;
        let script = stdin()?;
        let graph = super::open(path)?;
        return statements(&graph, &script, &manner);
    }
    let manner = Manner::of(args)?;
    let graph = super::open(path)?;
    crate::shell::run(graph, path, manner, no_config)
}
