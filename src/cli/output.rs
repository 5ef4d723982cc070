//! Printing: stdout for answers, stderr for everything else, colour where it is wanted.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Failure;
use super::args::ColorWhen;

static COLOUR_STDERR: AtomicBool = AtomicBool::new(false);
static COLOUR_STDOUT: AtomicBool = AtomicBool::new(false);

/// Settles colour once: `--color` > NO_COLOR > CLICOLOR_FORCE > CLICOLOR > TERM=dumb > is a terminal.
pub(super) fn set_colour(when: ColorWhen) {
    let said = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
    let decide = |terminal: bool| match when {
        ColorWhen::Always => true,
        ColorWhen::Never => false,
        ColorWhen::Auto if said("NO_COLOR").is_some() => false,
        ColorWhen::Auto if said("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
        ColorWhen::Auto if said("CLICOLOR").is_some_and(|v| v == "0") => false,
        ColorWhen::Auto if said("TERM").is_some_and(|v| v == "dumb") => false,
        ColorWhen::Auto => terminal,
    };
    COLOUR_STDERR.store(decide(std::io::stderr().is_terminal()), Ordering::Relaxed);
    COLOUR_STDOUT.store(decide(std::io::stdout().is_terminal()), Ordering::Relaxed);
}

/// Whether answers are coloured.
pub(crate) fn coloured() -> bool {
    COLOUR_STDOUT.load(Ordering::Relaxed)
}

fn painted(text: &str, style: anstyle::Style) -> String {
    if COLOUR_STDERR.load(Ordering::Relaxed) { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

/// A message may quote a document or the name of a file: what a terminal would obey is taken out, line by line.
fn harmless(message: &str) -> String {
    message.split('\n').map(crate::render::clean).collect::<Vec<_>>().join("\n")
}

fn stderr(line: &str) {
    // Where even stderr is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// An error. The message may say `error:` itself, as those with a place do.
pub(crate) fn complain(message: &str) {
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let body = message.strip_prefix("error: ").unwrap_or(message);
    stderr(&format!("{} {}", painted("error:", red), harmless(body)));
}

/// A warning.
pub(crate) fn warn(message: &str) {
    let yellow = anstyle::AnsiColor::Yellow.on_default().bold();
    let body = message.strip_prefix("warning: ").unwrap_or(message);
    stderr(&format!("{} {}", painted("warning:", yellow), harmless(body)));
}

/// Something said beside the answer: how a question was understood, what a build did.
pub(crate) fn remark(message: &str) {
    stderr(&painted(&harmless(message), anstyle::Style::new().dimmed()));
}

/// Where an answer goes.
#[derive(Debug, Clone)]
pub(crate) enum Out {
    /// Standard output.
    Stdout,
    /// A file, written beside and renamed.
    File(PathBuf),
}

impl Out {
    /// Standard output.
    pub(crate) fn stdout() -> Out {
        Out::Stdout
    }

    /// A file, or standard output for none and `-`.
    pub(crate) fn to(path: Option<&Path>) -> Out {
        match path {
            Some(p) if p != Path::new("-") => Out::File(p.to_owned()),
            _ => Out::Stdout,
        }
    }

    /// Writes all of it.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        match self {
            Out::Stdout => {
                let mut out = std::io::stdout().lock();
                out.write_all(text.as_bytes())?;
                out.flush()?;
                Ok(())
            }
            Out::File(path) => write_file(path, text).map_err(|e| {
                Failure::file(format!("cannot write {}: {e}; check the folder and its permissions", path.display()))
            }),
        }
    }

    /// Whether it is a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Out::File(_))
    }
}

/// Writes beside and renames, so that a full disk leaves what was there; devices and pipes are written as they are.
pub(crate) fn write_file(path: &Path, text: &str) -> std::io::Result<()> {
    if path.exists() && !path.is_file() {
        return std::fs::write(path, text);
    }
    // A link stays a link: what it points to is replaced.
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut beside = target.clone().into_os_string();
    beside.push(format!(".{}.partial", std::process::id()));
    let beside = PathBuf::from(beside);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &target));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Shows a text to a person, through a pager where it is longer than the screen: `SAMBAND_PAGER`, the configured one,
/// `PAGER`, else `less -FRX`; none for an empty one.
pub(crate) fn page(text: &str, configured: Option<&str>) {
    let height = terminal_size::terminal_size().map_or(usize::MAX, |(_, h)| usize::from(h.0));
    let variable = |name: &str| std::env::var(name).ok();
    let dumb = variable("TERM").is_none_or(|t| t.is_empty() || t == "dumb");
    if text.lines().count() >= height && !dumb && std::io::stdout().is_terminal() {
        let pager = variable("SAMBAND_PAGER").or_else(|| configured.map(str::to_owned)).or_else(|| variable("PAGER"));
        let pager = pager.unwrap_or_else(|| "less -FRX".to_owned());
        let mut words = pager.split_whitespace();
        if let Some(program) = words.next() {
            let mut command = std::process::Command::new(program);
            command.args(words).stdin(std::process::Stdio::piped());
            if std::env::var_os("LESSCHARSET").is_none() {
                // What we write is UTF-8, whatever the locale says.
                command.env("LESSCHARSET", "utf-8");
            }
            if let Ok(mut child) = command.spawn() {
                if let Some(mut stdin) = child.stdin.take() {
                    // Leaving the pager early closes the pipe; that is how pagers are used.
                    let _ = stdin.write_all(text.as_bytes());
                }
                let _ = child.wait();
                return;
            }
        }
    }
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
