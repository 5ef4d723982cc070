//! The interactive shell on rustyline. Needed by nothing but the command line.
//!
//! Commands begin with `:`; everything else is a question or a statement. History lies in the state folder (XDG).

mod commands;
mod complete;
mod help;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};

use self::complete::Assistant;
use crate::cli::output::{complain, page, remark};
use crate::cli::query::{Manner, aside};
use crate::cli::{Failure, code_of};
use crate::graph::Graph;
use crate::query::answer::Answer;
use crate::query::parse;
use crate::render::{self, Form};

/// How many lines of history are kept.
const HISTORY: usize = 10_000;

/// What the shell holds between statements.
struct Shell {
    graph: Arc<Graph>,
    manner: Manner,
    last: Option<(String, Answer)>,
    timer: bool,
}

/// Reads and answers until the user leaves.
pub(crate) fn run(graph: Graph, path: &Path, mut manner: Manner) -> Result<(), Failure> {
    let broken = |e: ReadlineError| Failure::file(format!("the terminal cannot be read: {e}"));
    let graph = Arc::new(graph);
    let config = Config::builder()
        .max_history_size(HISTORY)
        .map_err(broken)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .auto_add_history(false)
        .build();
    let mut editor: Editor<Assistant, FileHistory> = Editor::with_config(config).map_err(broken)?;
    editor.set_helper(Some(Assistant::new(graph.clone(), crate::cli::output::coloured())));
    let history = manner.folders.as_ref().map(|f| f.state.join("history"));
    if let Some(path) = history.as_ref().filter(|p| p.exists())
        && let Err(e) = editor.load_history(path)
    {
        remark(&format!("the history in {} cannot be read: {e}", path.display()));
    }
    manner.stay();
    manner.limit = manner.limit.or(manner.config.limit);
    if let Some(form) = manner.config.mode.filter(|_| manner.form == Form::Table) {
        manner.form = form;
    }
    let timer = manner.config.timer;
    let mut shell = Shell { graph: graph.clone(), manner, last: None, timer };
    println_out(&welcome(&graph, path));
    loop {
        match editor.readline("samband> ") {
            Ok(line) => {
                let line = line.trim();
                if line.is_empty() {
                    continue;
                }
                let _ = editor.add_history_entry(line);
                if let Some(command) = line.strip_prefix(':') {
                    if shell.command(command, editor.history()) {
                        break;
                    }
                } else {
                    shell.statements(line);
                }
            }
            Err(ReadlineError::Interrupted) => remark("Ctrl-D or :quit leaves"),
            Err(ReadlineError::Eof) => break,
            Err(e) => return Err(broken(e)),
        }
    }
    if let Some(path) = history {
        let saved = path
            .parent()
            .map_or(Ok(()), std::fs::create_dir_all)
            .map_err(|e| e.to_string())
            .and_then(|()| editor.save_history(&path).map_err(|e| e.to_string()));
        if let Err(e) = saved {
            remark(&format!("the history cannot be kept in {}: {e}", path.display()));
        }
    }
    Ok(())
}

/// Prints to stdout; a terminal that is gone ends the loop at the next line read.
fn println_out(text: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

/// What a person sees first: what is open, and what to try.
fn welcome(graph: &Graph, path: &Path) -> String {
    let documents = graph.documents().map_or(0, <[_]>::len);
    let mut out = format!("{}: {} entities, {documents} documents. ", path.display(), graph.node_count() - documents);
    match complete::example(graph) {
        Some(question) => out.push_str(&format!("Try: {}\n", render::clean(&question))),
        None => out.push_str("Try: MATCH (n) RETURN n LIMIT 10\n"),
    }
    out.push_str(":help says what can be asked; Tab completes; Ctrl-D leaves\n");
    out
}

impl Shell {
    /// Answers the statements of a line.
    fn statements(&mut self, text: &str) {
        for part in parse::split(text) {
            let statement = &text[part];
            let started = Instant::now();
            match self.manner.run(&self.graph, statement) {
                Ok(answer) => {
                    let taken = started.elapsed();
                    self.show(statement, &answer);
                    if self.timer {
                        remark(&format!("{} rows in {:.3} ms", answer.rows.len(), taken.as_secs_f64() * 1e3));
                    }
                    self.last = Some((statement.to_owned(), answer));
                }
                Err(e) => {
                    complain(e.render(statement).trim_end());
                    if code_of(&e) == 130 {
                        remark("stopped");
                    }
                    return;
                }
            }
        }
    }

    /// Prints an answer, through the pager where it is longer than the screen.
    fn show(&self, statement: &str, answer: &Answer) {
        aside(answer, statement, self.manner.form);
        let text = render::answer(answer, &self.graph, self.manner.form, &self.manner.style(true));
        if self.manner.form == Form::Table {
            page(&text, self.manner.config.pager.as_deref());
        } else {
            println_out(&text);
        }
    }
}
