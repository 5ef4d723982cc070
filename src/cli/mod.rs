//! Arguments to calls of the library: the only place, with the shell, that prints or reads the environment.
//!
//! What was typed ([`args`]) becomes calls here; nothing that is worth a unit test of its own is decided.

pub mod args;
mod build;
pub(crate) mod explain;
pub(crate) mod folders;
pub(crate) mod output;
mod pipe;
pub(crate) mod query;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use clap::{CommandFactory, Parser};

use self::args::{Cli, Command, RulesCommand};
pub(crate) use self::output::Out;
use crate::graph::{Graph, GraphError};
use crate::pipeline::{self, PipelineError, Settings};
use crate::query::answer::{Clock, Options};
use crate::query::error::{Detail, QueryError};

/// Why the program ends without an answer: an exit code and a message for stderr (nothing where it was said already).
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    pub(crate) message: String,
}

impl Failure {
    /// Arguments that make no sense.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure { code: 2, message: message.into() }
    }

    /// A query or data error.
    pub(crate) fn data(message: impl Into<String>) -> Failure {
        Failure { code: 1, message: message.into() }
    }

    /// A file that is missing or unreadable.
    pub(crate) fn file(message: impl Into<String>) -> Failure {
        Failure { code: 3, message: message.into() }
    }

    /// An error of a statement, shown with its place.
    pub(crate) fn statement(error: &QueryError, statement: &str) -> Failure {
        Failure { code: code_of(error), message: error.render(statement).trim_end().to_owned() }
    }
}

/// The exit code of an error of the language.
pub(crate) fn code_of(error: &QueryError) -> u8 {
    match error.detail {
        Detail::AmbiguousName => 5,
        Detail::Interrupted => 130,
        _ => 1,
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        // Whoever reads our output may stop reading: that is success.
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Failure { code: 0, message: String::new() },
            _ => Failure::file(format!("cannot write: {error}")),
        }
    }
}

impl From<PipelineError> for Failure {
    fn from(error: PipelineError) -> Failure {
        match &error {
            PipelineError::Source(_) | PipelineError::NothingReadable { .. } => Failure::file(error.to_string()),
            PipelineError::Graph(GraphError::Read { .. } | GraphError::Write { .. }) => {
                Failure::file(error.to_string())
            }
            _ => Failure::data(error.to_string()),
        }
    }
}

impl From<GraphError> for Failure {
    fn from(error: GraphError) -> Failure {
        PipelineError::Graph(error).into()
    }
}

/// The clock of the machine.
pub(crate) struct SystemClock(Instant);

impl SystemClock {
    pub(crate) fn new() -> Arc<SystemClock> {
        Arc::new(SystemClock(Instant::now()))
    }
}

impl Clock for SystemClock {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn today(&self) -> Option<i64> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        i64::try_from(since.as_secs() / 86_400).ok()
    }
}

/// Options of the language with the machine's clock, stopped by Ctrl-C.
pub(crate) fn options() -> Options {
    Options { clock: SystemClock::new(), ..Options::default() }
}

/// The program: reads the arguments, does what they ask, gives the exit code of surface.md.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) if cli.graph.is_none() || misspelt(&arguments).is_none() => cli,
        parsed => {
            if let Some(near) = misspelt(&arguments) {
                let typed = arguments.get(1).map(|a| a.to_string_lossy().into_owned()).unwrap_or_default();
                output::complain(&format!("there is no command or file `{typed}`; did you mean `samband {near}`?"));
                return ExitCode::from(2);
            }
            let Err(error) = parsed else { return ExitCode::from(2) };
            // Help and version are asked for and go to stdout with 0; the rest is a usage error.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    output::set_colour(cli.color);
    match dispatch(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                output::complain(&failure.message);
            }
            ExitCode::from(failure.code)
        }
    }
}

/// The command that the first argument nearly names, where it is neither a command nor a file.
fn misspelt(arguments: &[OsString]) -> Option<String> {
    let typed = arguments.get(1)?.to_str()?;
    let word = !typed.is_empty() && typed.bytes().all(|b| b.is_ascii_alphabetic());
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(|c| c.get_name()).chain(["help"]).collect();
    if !word || names.contains(&typed) || Path::new(typed).exists() {
        return None;
    }
    crate::query::parse::nearest(typed, names.iter().copied()).map(str::to_owned)
}

fn dispatch(cli: Cli) -> Result<(), Failure> {
    let Some(command) = cli.command else {
        return match &cli.graph {
            Some(path) => query::interactive(path, &cli.answer, cli.no_config),
            None => {
                let mut command = Cli::command();
                let _ = command.print_help();
                Err(Failure { code: 2, message: String::new() })
            }
        };
    };
    match command {
        Command::Build(args) => build::build(&args),
        Command::Add { graph, paths, rules, quiet } => build::add(&graph, &paths, &rules, quiet),
        Command::Remove { graph, documents, rules, quiet } => build::remove(&graph, &documents, &rules, quiet),
        Command::Query { graph, question, file, answer } => {
            query::query(&graph, question.as_deref(), file.as_deref(), &answer, cli.no_config)
        }
        Command::Export { graph, query, format, output } => {
            build::export(&graph, query.as_deref(), format, output.as_deref())
        }
        Command::Why { graph, a, relation, b } => explain::why(&graph, &a, &relation, &b),
        Command::Whynot { graph, a, relation, b } => explain::whynot(&graph, &a, &relation, &b),
        Command::Conflicts { graph } => explain::conflicts(&graph),
        Command::Diff { old, new } => explain::diff(&old, &new),
        Command::Check { graph } => build::check(&graph),
        Command::Review { graph } => explain::review(&graph),
        Command::Rules { what: RulesCommand::Test { files } } => explain::rules_test(&files),
        Command::Rules { what: RulesCommand::Lint { files } } => explain::rules_lint(&files),
        Command::Extract { name, .. } => build::extract(&name),
        Command::Pipe { graph, scratch } => pipe::pipe(graph.as_deref().filter(|_| !scratch)),
        Command::Import { files, output, symmetric, quiet } => build::import(&files, &output, &symmetric, quiet),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "samband", &mut out);
            Out::stdout().write(&String::from_utf8_lossy(&out))
        }
        Command::Man => {
            let mut out = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut out)?;
            Out::stdout().write(&String::from_utf8_lossy(&out))
        }
    }
}

/// A graph file, or a folder or document of which a graph is built in memory.
pub(crate) fn open(path: &Path) -> Result<Graph, Failure> {
    let is_graph = path.is_file() && (path.extension().is_some_and(|e| e == "samband") || starts_as_graph(path));
    if is_graph {
        return Ok(Graph::open(path)?);
    }
    if !path.exists() {
        return Err(Failure::file(format!(
            "{}: no such file or folder; give a graph file (`samband build` makes one) or a folder of documents",
            path.display()
        )));
    }
    let progress = build::Bar::new(false);
    let settings = Settings::usual()?;
    let (graph, report) = pipeline::build(&[path], None, &settings, &|p| progress.tell(p))?;
    progress.done();
    for warning in &report.warnings {
        output::warn(warning);
    }
    Ok(graph)
}

/// Whether a file begins as graph files do, whatever it is called.
fn starts_as_graph(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; crate::graph::layout::MAGIC.len()];
    std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut start)).is_ok() && start == crate::graph::layout::MAGIC
}

/// Whether a person reads what is printed.
pub(crate) fn on_terminal() -> bool {
    std::io::stdout().is_terminal()
}
