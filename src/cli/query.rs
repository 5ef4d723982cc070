//! Questions and statements: from the command line, a file or stdin to an answer in the form asked for.

use std::io::{IsTerminal, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::args::{AnswerArgs, Format};
use super::folders::{Config, Folders, saved_query};
use super::output::{page, remark, warn};
use super::{Failure, Out, on_terminal};
use crate::graph::Graph;
use crate::query::answer::{Answer, Options, Params};
use crate::query::ast::Span;
use crate::query::error::QueryError;
use crate::query::parse;
use crate::query::value::Value;
use crate::render::{self, Form, TableStyle};

/// Rows of a table that a screen is given at most, unless a limit is set.
const SCREEN_ROWS: usize = 500;

/// What Ctrl-C does: it stops the statement that runs. Where none runs, a script ends with 130 and a shell stays.
#[derive(Debug, Clone, Default)]
struct Interrupt {
    busy: Arc<AtomicBool>,
    stay: Arc<AtomicBool>,
}

/// What the arguments mean for answers.
pub(crate) struct Manner {
    pub(crate) form: Form,
    pub(crate) out: Out,
    pub(crate) params: Params,
    pub(crate) options: Options,
    pub(crate) limit: Option<u64>,
    pub(crate) exit_empty: bool,
    pub(crate) keep_going: bool,
    pub(crate) folders: Option<Folders>,
    pub(crate) config: Config,
    interrupt: Interrupt,
}

impl Manner {
    pub(crate) fn of(args: &AnswerArgs, no_config: bool) -> Result<Manner, Failure> {
        let form = match (args.format, &args.output) {
            (Some(f), _) => form_of(f),
            (None, Some(path)) => form_by_ending(path)?,
            (None, None) if on_terminal() => Form::Table,
            (None, None) => Form::Tsv,
        };
        let mut options = super::options();
        if let Some(seconds) = args.timeout {
            let time = Duration::try_from_secs_f64(seconds).map_err(|_| {
                Failure::usage(format!("--timeout {seconds} is no time; give seconds, such as 5 or 0.5"))
            })?;
            options.limits.time = Some(time);
        }
        let mut params = Params::default();
        for param in &args.params {
            let (name, value) =
                param.split_once('=').ok_or_else(|| Failure::usage(format!("--param {param}: write NAME=VALUE")))?;
            params.insert(name.trim_start_matches('$').to_owned(), parameter(value));
        }
        let folders = Folders::find(no_config);
        let (config, faults) = Config::read(folders.as_ref());
        faults.iter().for_each(|fault| warn(fault));
        let interrupt = Interrupt::default();
        let (cancel, at) = (options.cancel.clone(), interrupt.clone());
        // Where no handler can be set, Ctrl-C ends the program, as it would without us.
        let _ = ctrlc::set_handler(move || {
            if at.busy.swap(false, Ordering::SeqCst) {
                cancel.cancel();
            } else if !at.stay.load(Ordering::SeqCst) {
                std::process::exit(130);
            }
        });
        let (exit_empty, keep_going) = (args.exit_empty, args.keep_going);
        Ok(Manner {
            form,
            out: Out::to(args.output.as_deref()),
            params,
            options,
            limit: args.limit,
            exit_empty,
            keep_going,
            folders,
            config,
            interrupt,
        })
    }

    /// From here on Ctrl-C never ends the program.
    pub(crate) fn stay(&self) {
        self.interrupt.stay.store(true, Ordering::SeqCst);
    }

    /// Runs a statement; Ctrl-C stops it.
    pub(crate) fn run(&self, graph: &Graph, statement: &str) -> Result<Answer, QueryError> {
        self.options.cancel.reset();
        self.interrupt.busy.store(true, Ordering::SeqCst);
        let answer = crate::query::run(graph, statement, &self.params, &self.options);
        self.interrupt.busy.store(false, Ordering::SeqCst);
        answer
    }

    /// How tables look: cut to the screen where there is one.
    pub(crate) fn style(&self, numbered: bool) -> TableStyle {
        if !on_terminal() || self.out.is_file() {
            return TableStyle { numbered, ..TableStyle::default() };
        }
        let width = terminal_size::terminal_size().map_or(100, |(w, _)| usize::from(w.0));
        let rows = match self.limit {
            None => Some(SCREEN_ROWS),
            Some(0) => None,
            Some(n) => usize::try_from(n).ok(),
        };
        TableStyle { width: Some(width), rows, numbered }
    }
}

/// The form that the ending of a file asks for; a file without an ending (a pipe, `/dev/stdout`) gets tsv.
fn form_by_ending(path: &Path) -> Result<Form, Failure> {
    let Some(ending) = path.extension() else { return Ok(Form::Tsv) };
    ending.to_str().and_then(Form::from_ending).ok_or_else(|| {
        let known: Vec<String> = Form::ALL.iter().map(|f| format!(".{}", f.2)).collect();
        Failure::usage(format!(
            "{}: this ending names no form of an answer; endings are {}, or give --format",
            path.display(),
            known.join(" ")
        ))
    })
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

/// An error of one statement of a script, shown where it stands in the script.
fn misfit(error: &QueryError, script: &str, part: &Range<usize>) -> Failure {
    let mut placed = error.clone();
    placed.span = error.span.map(|s| Span::new(s.start as usize + part.start, s.end as usize + part.start));
    Failure::statement(&placed, &script[..part.end])
}

/// Answers one statement of a script: the text to write, and the number of rows.
fn answer(graph: &Graph, script: &str, part: &Range<usize>, manner: &Manner) -> Result<(String, usize), Failure> {
    let statement = &script[part.clone()];
    let mut answer = manner.run(graph, statement).map_err(|e| misfit(&e, script, part))?;
    if let Some(limit) = manner.limit.filter(|&limit| limit > 0) {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if answer.rows.len() > limit {
            answer.notes.push(format!("{limit} of {} rows shown (--limit)", answer.rows.len()));
            answer.rows.truncate(limit);
            answer.headings.retain(|h| h.0 < limit);
        }
    }
    aside(&answer, statement, manner.form);
    Ok((render::answer(&answer, graph, manner.form, &manner.style(false)), answer.rows.len()))
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
    no_config: bool,
) -> Result<(), Failure> {
    let manner = Manner::of(args, no_config)?;
    let script = match (question, file) {
        (Some(_), Some(_)) => return Err(Failure::usage("give a question or --file, not both")),
        (None, Some(file)) if file != Path::new("-") => read_saved(file, manner.folders.as_ref())?,
        (Some("-") | None, _) => stdin()?,
        (Some(text), None) => text.to_owned(),
    };
    let graph = super::open(path)?;
    statements(&graph, &script, &manner)
}

fn read_saved(name: &Path, folders: Option<&Folders>) -> Result<String, Failure> {
    let Some(path) = saved_query(name, folders) else {
        return Err(Failure::file(format!(
            "{}: no such file, and no saved query of that name in ./queries or the data folder",
            name.display()
        )));
    };
    std::fs::read_to_string(&path).map_err(|e| Failure::file(format!("cannot read {}: {e}", path.display())))
}

fn stdin() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        remark("reading statements from the terminal; Ctrl-D ends them");
    }
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|e| Failure::file(format!("cannot read statements from stdin: {e}")))?;
    Ok(text)
}

/// Runs the statements of a script; stops at the first error unless told to keep going. Into a file all answers go
/// together, at the end: a script that fails leaves the file as it was.
fn statements(graph: &Graph, script: &str, manner: &Manner) -> Result<(), Failure> {
    let parts = parse::split(script);
    if parts.is_empty() {
        return Err(Failure::usage("there is no question; ask for example \"which partners link A to B\""));
    }
    let mut rows = 0;
    let mut first: Option<u8> = None;
    let mut held = String::new();
    for part in parts {
        match answer(graph, script, &part, manner) {
            Ok((text, n)) => {
                rows += n;
                if manner.out.is_file() {
                    held.push_str(&text);
                } else if manner.form == Form::Table && on_terminal() {
                    page(&text, manner.config.pager.as_deref());
                } else {
                    manner.out.write(&text)?;
                }
            }
            Err(failure) if manner.keep_going && failure.code != 130 => {
                super::output::complain(&failure.message);
                first.get_or_insert(failure.code);
            }
            Err(failure) => return Err(failure),
        }
    }
    if manner.out.is_file() {
        manner.out.write(&held)?;
    }
    match first {
        Some(code) => Err(Failure { code, message: String::new() }),
        None if manner.exit_empty && rows == 0 => Err(Failure { code: 4, message: String::new() }),
        None => Ok(()),
    }
}

/// The shell on a terminal, statements from stdin otherwise.
pub(super) fn interactive(path: &Path, args: &AnswerArgs, no_config: bool) -> Result<(), Failure> {
    let manner = Manner::of(args, no_config)?;
    if !std::io::stdin().is_terminal() {
        let script = stdin()?;
        let graph = super::open(path)?;
        return statements(&graph, &script, &manner);
    }
    let graph = super::open(path)?;
    crate::shell::run(graph, path, manner)
}
