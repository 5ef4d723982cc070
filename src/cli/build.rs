//! Commands that make, change, verify and move graphs.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{BuildArgs, ExportFormat};
use super::output::{remark, warn};
use super::{Failure, Out};
use crate::extract::rules::RuleSet;
use crate::graph::{self, Graph};
use crate::pipeline::{self, PipelineError, Progress, Report, Settings};
use crate::query::answer::Params;
use crate::render;

/// A progress bar on stderr: on a terminal only, after half a second.
pub(super) struct Bar {
    started: Instant,
    quiet: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    pub(super) fn new(quiet: bool) -> Bar {
        Bar { started: Instant::now(), quiet: quiet || !std::io::stderr().is_terminal(), bar: OnceLock::new() }
    }

    pub(super) fn tell(&self, p: Progress) {
        if self.quiet || (self.bar.get().is_none() && self.started.elapsed() < Duration::from_millis(500)) {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::new(p.all as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} documents, {msg}, {eta} left") {
                bar.set_style(style);
            }
            bar
        });
        let rate = p.bytes as f64 / 1e6 / self.started.elapsed().as_secs_f64().max(1e-3);
        bar.set_message(format!("{rate:.1} MB/s"));
        bar.set_position(p.done as u64);
    }

    pub(super) fn done(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn text_file(path: &Path, what: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| Failure::file(format!("cannot read the {what} {}: {e}", path.display())))
}

/// The built-in rules with those of files.
pub(super) fn rules(files: &[PathBuf]) -> Result<RuleSet, Failure> {
    let mut named = Vec::new();
    for path in files {
        named.push((path.display().to_string(), text_file(path, "rules")?));
    }
    let builtin = RuleSet::builtin().map_err(|e| Failure::data(e.to_string()))?;
    builtin.with(&named).map_err(|e| Failure::data(e.to_string()))
}

fn told(graph: &Graph, report: &Report, path: &Path, started: Instant, quiet: bool) {
    for warning in &report.warnings {
        warn(warning);
    }
    if quiet {
        return;
    }
    let documents = graph.documents().map_or(0, <[_]>::len);
    let mut parts = vec![format!("{} read", report.read)];
    if report.reused > 0 {
        parts.push(format!("{} unchanged", report.reused));
    }
    if report.removed > 0 {
        parts.push(format!("{} taken out", report.removed));
    }
    remark(&format!(
        "{}: {documents} documents ({}), {} entities, {} facts, in {:.2} s",
        path.display(),
        parts.join(", "),
        graph.node_count() - documents,
        graph.relations().filter(|&r| !graph.is_structural(r)).map(|r| graph.relation_count(r)).sum::<usize>(),
        started.elapsed().as_secs_f64()
    ));
}

/// The graph that is there already: its readings are used again. One that cannot be read is replaced, with a warning.
fn previous(path: &Path) -> Option<Graph> {
    if !path.exists() {
        return None;
    }
    match Graph::open(path) {
        Ok(graph) => Some(graph),
        Err(e) => {
            warn(&format!("{e}; all documents are read anew"));
            None
        }
    }
}

pub(super) fn build(args: &BuildArgs) -> Result<(), Failure> {
    let started = Instant::now();
    if args.jobs == Some(0) {
        return Err(Failure {
            code: 2,
            message: "--jobs 0 reads nothing; give 1 or more, or leave it out for one a core".to_owned(),
        });
    }
    if args.output.is_dir() {
        return Err(Failure::file(format!(
            "{} is a folder; give a file to write, such as {}",
            args.output.display(),
            args.output.join("graph.samband").display()
        )));
    }
    let settings = Settings {
        rules: rules(&args.rules)?,
        decisions: args.decisions.as_deref().map(|p| text_file(p, "decisions")).transpose()?.unwrap_or_default(),
        keep_text: !args.no_text,
        leave_out_persons: args.no_persons,
        jobs: args.jobs,
    };
    let bar = Bar::new(args.quiet);
    let previous = previous(&args.output);
    let built = pipeline::build(&args.paths, previous.as_ref(), &settings, &|p| bar.tell(p));
    let (graph, report) = built.map_err(|e| match (&e, &args.decisions) {
        (PipelineError::Decisions(fault), Some(file)) => Failure::data(format!("{}, {fault}", file.display())),
        _ => e.into(),
    })?;
    bar.done();
    graph.write(&args.output)?;
    told(&graph, &report, &args.output, started, args.quiet);
    Ok(())
}

/// Settings that keep to what a graph was built with.
fn settings_of(graph: &Graph, path: &Path, files: &[PathBuf]) -> Result<Settings, Failure> {
    let settings = Settings {
        rules: rules(files)?,
        decisions: graph.decisions().to_owned(),
        keep_text: graph.has_texts(),
        leave_out_persons: pipeline::leaves_out_persons(graph),
        jobs: None,
    };
    if graph.schema() == graph::SchemaMode::Closed && graph.rules_version() != settings.version() {
        warn(&format!(
            "{} was read with other rules: all its documents are read again with {}",
            path.display(),
            if files.is_empty() { "the built-in ones (--rules FILE adds yours)" } else { "these" }
        ));
    }
    Ok(settings)
}

pub(super) fn add(path: &Path, paths: &[PathBuf], files: &[PathBuf], quiet: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let old = Graph::open(path)?;
    let bar = Bar::new(quiet);
    let (graph, report) = pipeline::add(&old, paths, &settings_of(&old, path, files)?, &|p| bar.tell(p))?;
    bar.done();
    graph.write(path)?;
    told(&graph, &report, path, started, quiet);
    Ok(())
}

pub(super) fn remove(path: &Path, documents: &[String], files: &[PathBuf], quiet: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let old = Graph::open(path)?;
    let (graph, report) = pipeline::remove(&old, documents, &settings_of(&old, path, files)?)?;
    graph.write(path)?;
    told(&graph, &report, path, started, quiet);
    Ok(())
}

pub(super) fn check(path: &Path) -> Result<(), Failure> {
    let graph = Graph::open(path)?;
    let report = graph::check(&graph);
    if report.is_sound() {
        return Out::stdout().write(&format!(
            "{}: sound ({} sections, {} nodes, {} relationships, {} documents)\n",
            path.display(),
            report.sections,
            report.nodes,
            report.edges,
            report.documents
        ));
    }
    Err(Failure::data(format!(
        "{} is damaged:\n  {}\nrebuild it with `samband build`",
        path.display(),
        report.faults.join("\n  ")
    )))
}

pub(super) fn export(
    path: &Path,
    query: Option<&str>,
    format: Option<ExportFormat>,
    output: Option<&Path>,
) -> Result<(), Failure> {
    let ending = output.and_then(|o| o.extension()).and_then(|e| e.to_str()).unwrap_or_default();
    let format = match (format, ending) {
        (Some(f), _) => f,
        (None, "dot" | "gv") => ExportFormat::Dot,
        (None, "csv") => ExportFormat::Csv,
        (None, "" | "jsonl") => ExportFormat::Jsonl,
        (None, other) => {
            return Err(Failure::usage(format!(
                "the ending .{other} names no form of an export; endings are .jsonl .csv .dot .gv, or give --format"
            )));
        }
    };
    let graph = super::open(path)?;
    if let Some(statement) = query {
        let answer = crate::query::run(&graph, statement, &Params::default(), &super::options())
            .map_err(|e| Failure::statement(&e, statement))?;
        let form = match format {
            ExportFormat::Dot => render::Form::Dot,
            ExportFormat::Jsonl => render::Form::Jsonl,
            ExportFormat::Csv => render::Form::Csv,
        };
        return Out::to(output).write(&render::answer(&answer, &graph, form, &render::TableStyle::default()));
    }
    match format {
        ExportFormat::Dot => Out::to(output).write(&render::draw(&render::Drawing::of_graph(&graph), &graph)),
        ExportFormat::Jsonl => with_writer(output, |out| graph::export_jsonl(&graph, out)),
        ExportFormat::Csv => match output {
            Some(path) if path != Path::new("-") => {
                // Two tables: nodes.csv and relationships.csv in a folder, or PREFIX-nodes.csv beside.
                let (nodes, edges) = if path.is_dir() {
                    (path.join("nodes.csv"), path.join("relationships.csv"))
                } else {
                    let stem = path.with_extension("");
                    (
                        PathBuf::from(format!("{}-nodes.csv", stem.display())),
                        PathBuf::from(format!("{}-relationships.csv", stem.display())),
                    )
                };
                let create = |p: &Path| {
                    std::fs::File::create(p)
                        .map(std::io::BufWriter::new)
                        .map_err(|e| Failure::file(format!("cannot write {}: {e}", p.display())))
                };
                let (mut n, mut e) = (create(&nodes)?, create(&edges)?);
                graph::export_csv(&graph, &mut n, &mut e).map_err(|e| Failure::file(e.to_string()))?;
                n.flush()?;
                e.flush()?;
                remark(&format!("{} and {}", nodes.display(), edges.display()));
                Ok(())
            }
            _ => {
                let (mut n, mut e) = (Vec::new(), Vec::new());
                graph::export_csv(&graph, &mut n, &mut e).map_err(|e| Failure::file(e.to_string()))?;
                Out::stdout().write(&format!("{}\n{}", String::from_utf8_lossy(&n), String::from_utf8_lossy(&e)))
            }
        },
    }
}

/// Runs an export into a file or stdout, without holding it in memory.
fn with_writer(
    output: Option<&Path>,
    export: impl FnOnce(&mut dyn Write) -> Result<(), graph::ExportError>,
) -> Result<(), Failure> {
    let told = |e: graph::ExportError| match e {
        graph::ExportError::Write(io) => Failure::from(io),
        other => Failure::data(other.to_string()),
    };
    match Out::to(output) {
        Out::Stdout => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            export(&mut out).map_err(told)?;
            Ok(out.flush()?)
        }
        Out::File(path) => {
            let file = std::fs::File::create(&path)
                .map_err(|e| Failure::file(format!("cannot write {}: {e}", path.display())))?;
            let mut out = std::io::BufWriter::new(file);
            export(&mut out).map_err(told)?;
            Ok(out.flush()?)
        }
    }
}

pub(super) fn extract(name: &str) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    // One byte more than is read of a file, so that the limit is what complains.
    std::io::stdin()
        .lock()
        .take(crate::source::MAX_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Failure::file(format!("cannot read stdin: {e}")))?;
    let graph = pipeline::build_bytes(name, &bytes, &Settings::usual()?)?;
    with_writer(None, |out| graph::export_jsonl(&graph, out))
}

pub(super) fn import(files: &[PathBuf], output: &Path, symmetric: &[String], quiet: bool) -> Result<(), Failure> {
    let started = Instant::now();
    for file in files {
        if !file.is_file() {
            return Err(Failure::file(format!("{}: no such file", file.display())));
        }
    }
    let mut importer = graph::Importer::new();
    for relation in symmetric {
        importer.declare_symmetric(relation)?;
    }
    for file in files {
        importer.file(file)?;
    }
    let graph = importer.finish()?.freeze()?;
    graph.write(output)?;
    if !quiet {
        remark(&format!(
            "{}: {} nodes, {} relationships, in {:.2} s",
            output.display(),
            graph.node_count(),
            graph.edge_count(),
            started.elapsed().as_secs_f64()
        ));
    }
    Ok(())
}
