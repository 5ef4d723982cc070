//! The README's transcripts are what the program prints. `SAMBAND_BLESS=1 cargo test readme` writes them anew.

use std::path::Path;
use std::process::Command;

/// One command with the output that the README shows.
struct Shown {
    command: String,
    output: String,
}

/// The file cut into text, kept as it is, and transcripts.
enum Part {
    Text(String),
    Console(Vec<Shown>),
}

fn parts(readme: &str) -> Vec<Part> {
    let mut out = vec![Part::Text(String::new())];
    let mut inside = false;
    for line in readme.lines() {
        if line == "```console" {
            inside = true;
            out.push(Part::Console(Vec::new()));
        } else if inside && line == "```" {
            inside = false;
            out.push(Part::Text(String::new()));
        } else {
            match out.last_mut() {
                Some(Part::Console(all)) => match line.strip_prefix("$ ") {
                    Some(command) => all.push(Shown { command: command.to_owned(), output: String::new() }),
                    None => {
                        let last = all.last_mut().expect("a transcript begins with `$ `");
                        last.output.push_str(line);
                        last.output.push('\n');
                    }
                },
                Some(Part::Text(text)) => {
                    text.push_str(line);
                    text.push('\n');
                }
                None => {}
            }
        }
    }
    out
}

/// What a command prints on a terminal of 100 columns, near enough: tables for questions, stderr before stdout.
fn run(command: &str, root: &Path) -> String {
    let table = command.starts_with("samband query") && !command.contains("--format");
    let command = if table { format!("{command} --format table") } else { command.to_owned() };
    let binary = Path::new(env!("CARGO_BIN_EXE_samband"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let done = Command::new("sh")
        .args(["-c", &command])
        .current_dir(root)
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    format!("{}{}", String::from_utf8_lossy(&done.stderr), String::from_utf8_lossy(&done.stdout))
}

/// Times differ from machine to machine.
fn steady(output: &str) -> String {
    let times = regex_lite(output);
    times.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// `in 0.24 s` as `in 0.2 s`, whatever the digits.
fn regex_lite(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(", in ") {
        let after = &rest[at + 5..];
        let digits = after.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(after.len());
        out.push_str(&rest[..at + 5]);
        if digits > 0 && after[digits..].starts_with(" s") {
            out.push_str("0.2");
            rest = &after[digits..];
        } else {
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

#[test]
fn the_transcripts_of_the_readme_are_true() {
    if cfg!(windows) {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("README.md");
    let readme = std::fs::read_to_string(&file).unwrap();
    std::fs::create_dir_all(root.join("target")).unwrap();
    for graph in ["tour", "less"] {
        let _ = std::fs::remove_file(root.join(format!("target/{graph}.samband")));
    }
    let bless = std::env::var_os("SAMBAND_BLESS").is_some();
    let mut blessed = String::new();
    let mut wrong = Vec::new();
    for part in parts(&readme) {
        match part {
            Part::Text(text) => blessed.push_str(&text),
            Part::Console(all) => {
                blessed.push_str("```console\n");
                for shown in all {
                    let printed = steady(&run(&shown.command, root));
                    if printed.trim_end() != steady(&shown.output).trim_end() {
                        wrong.push(format!("$ {}\n{printed}", shown.command));
                    }
                    blessed.push_str(&format!("$ {}\n{}\n", shown.command, printed.trim_end()));
                }
                blessed.push_str("```\n");
            }
        }
    }
    if bless {
        // No empty line where a command prints nothing.
        std::fs::write(&file, blessed.replace("\n\n```\n", "\n```\n")).unwrap();
    } else {
        assert!(wrong.is_empty(), "the README shows something else than:\n{}", wrong.join("\n"));
    }
}
