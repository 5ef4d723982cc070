//! What can be typed: the one definition from which `--help`, the man page and the completions are made.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

/// Who is linked to whom, how, and which sentence says so.
///
/// Reads municipal and regional documents (Swedish, Finnish, English) into a graph of actors, regions, agreements and
/// events, and answers questions about it. Works offline; the text never leaves the machine.
#[derive(Debug, Parser)]
#[command(
    name = "samband",
    version,
    about,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Examples:\n  samband query examples/corpus \"which partners link Luleå to Austin\"\n  samband build documents/ -o region.samband\n  samband region.samband\n\nExit codes: 0 answered · 1 query or data error · 2 usage · 3 a file missing or unreadable · 4 nothing matched (--exit-empty) · 5 an ambiguous name · 130 interrupted"
)]
pub struct Cli {
    /// A graph file or a folder of documents: opens the shell (statements from stdin when that is no terminal)
    #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath)]
    pub graph: Option<PathBuf>,

    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,

    /// How the shell and statements from stdin answer
    #[command(flatten)]
    pub answer: AnswerArgs,

    /// Whether to colour output
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub color: ColorWhen,

    /// Read no configuration, history or saved queries from the home folder
    #[arg(long, global = true)]
    pub no_config: bool,
}

/// Whether to colour output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR or TERM=dumb says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The forms of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
pub enum Format {
    /// A table with chains, for people
    Table,
    /// One JSON document with a version field
    Json,
    /// One JSON object a row
    Jsonl,
    /// Comma-separated values (RFC 4180)
    Csv,
    /// Tab-separated values
    Tsv,
    /// A Markdown table
    Markdown,
    /// A Graphviz drawing
    Dot,
}

/// How statements are answered.
#[derive(Debug, Clone, Args, Default)]
pub struct AnswerArgs {
    /// Form of the answer [default: table on a terminal, tsv otherwise]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write the answer to a file; its ending picks the format
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Bind a parameter: --param name=Luleå (numbers, true, false and null as such, the rest as text)
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
    /// Give at most N rows (0: all) [default: all; 500 on a screen]
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Stop a statement after S seconds [default: 30]
    #[arg(long, value_name = "S")]
    pub timeout: Option<f64>,
    /// Exit with 4 when nothing matched
    #[arg(long)]
    pub exit_empty: bool,
    /// Go on with the next statement after an error
    #[arg(long)]
    pub keep_going: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read documents into a graph file
    Build(BuildArgs),
    /// Add documents to a graph file
    Add {
        /// The graph file
        #[arg(value_hint = ValueHint::FilePath)]
        graph: PathBuf,
        /// Documents or folders of documents
        #[arg(required = true, value_hint = ValueHint::AnyPath)]
        paths: Vec<PathBuf>,
        /// The rules of your own that it was built with
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        rules: Vec<PathBuf>,
        /// Say nothing but errors
        #[arg(short, long)]
        quiet: bool,
    },
    /// Take documents, and exactly what they say, out of a graph file
    Remove {
        /// The graph file
        #[arg(value_hint = ValueHint::FilePath)]
        graph: PathBuf,
        /// Names of documents, as `MATCH (d:Document) RETURN d.name` lists them
        #[arg(required = true)]
        documents: Vec<String>,
        /// The rules of your own that it was built with
        #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        rules: Vec<PathBuf>,
        /// Say nothing but errors
        #[arg(short, long)]
        quiet: bool,
    },
    /// Ask one question (or run one statement)
    Query {
        /// A graph file or a folder of documents
        #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath)]
        graph: PathBuf,
        /// The question or statement; `-` reads it from stdin
        #[arg(value_name = "QUESTION")]
        question: Option<String>,
        /// Read the statements from a file or a saved query (`NAME.sq` here, in ./queries or in the data folder)
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        file: Option<PathBuf>,
        /// How to answer
        #[command(flatten)]
        answer: AnswerArgs,
    },
    /// Write a graph, or what a query finds, in another form
    Export {
        /// A graph file or a folder of documents
        #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath)]
        graph: PathBuf,
        /// Only what this question or statement finds
        #[arg(long, value_name = "QUERY")]
        query: Option<String>,
        /// The form [default: by the ending of --output, else jsonl]
        #[arg(long, value_name = "FORMAT")]
        format: Option<ExportFormat>,
        /// Where to write; for csv a folder or PREFIX that gets nodes.csv and relationships.csv
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
    },
    /// Show the sentences behind a fact
    Why {
        /// A graph file or a folder of documents
        #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath)]
        graph: PathBuf,
        /// The entity at its start
        a: String,
        /// The relation: PARTNERS_WITH, or `any`
        relation: String,
        /// The entity at its end
        b: String,
    },
    /// Show why no rule read a fact: the nearest rule and its first failing condition
    Whynot {
        /// A graph file or a folder of documents
        #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath)]
        graph: PathBuf,
        /// The entity at its start
        a: String,
        /// The relation: PARTNERS_WITH, or `any`
        relation: String,
        /// The entity at its end
        b: String,
    },
    /// List the facts whose documents disagree
    Conflicts {
        /// A graph file or a folder of documents
        #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath)]
        graph: PathBuf,
    },
    /// Compare two graphs: facts gained, lost and changed
    Diff {
        /// The older graph file
        old: PathBuf,
        /// The newer graph file
        new: PathBuf,
    },
    /// Verify a graph file from end to end
    Check {
        /// The graph file
        #[arg(value_hint = ValueHint::FilePath)]
        graph: PathBuf,
    },
    /// List the pairs of names that may be one entity, for a person to decide
    Review {
        /// The graph file
        #[arg(value_hint = ValueHint::FilePath)]
        graph: PathBuf,
    },
    /// Test or check the rules that read documents
    Rules {
        /// What to do with them
        #[command(subcommand)]
        what: RulesCommand,
    },
    /// Read one document from stdin and print what it says, as JSON Lines
    Extract {
        /// Read from stdin
        #[arg(long, required = true)]
        stdin: bool,
        /// Name of the document; its ending tells the format
        #[arg(long, default_value = "stdin.txt")]
        name: String,
    },
    /// For programs: a JSON request a line in, answers out
    Pipe {
        /// A graph file or a folder of documents
        #[arg(value_name = "GRAPH|FOLDER", value_hint = ValueHint::AnyPath, required_unless_present = "scratch")]
        graph: Option<PathBuf>,
        /// Hold an empty graph in memory, on which CREATE works
        #[arg(long, conflicts_with = "graph")]
        scratch: bool,
    },
    /// Make a graph file from JSON Lines or CSV (neo4j-admin headers)
    Import {
        /// Files of nodes and relationships
        #[arg(required = true, value_hint = ValueHint::FilePath)]
        files: Vec<PathBuf>,
        /// The graph file to write
        #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
        output: PathBuf,
        /// A relation without direction (may be given more than once)
        #[arg(long, value_name = "RELATION")]
        symmetric: Vec<String>,
        /// Say nothing but errors
        #[arg(short, long)]
        quiet: bool,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// What `build` takes.
#[derive(Debug, Clone, Args)]
pub struct BuildArgs {
    /// Documents or folders of documents; the graph then holds exactly these
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// The graph file to write; what has not changed since it was written is not read again
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: PathBuf,
    /// Rules of your own, beside the built-in ones
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub rules: Vec<PathBuf>,
    /// Corrections by hand that every build applies
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub decisions: Option<PathBuf>,
    /// How many threads read [default: one a core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Leave the documents' text out of the graph file
    #[arg(long)]
    pub no_text: bool,
    /// Leave persons out
    #[arg(long)]
    pub no_persons: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// What can be done with rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Run the sentences that each rule must and must not read
    Test {
        /// Rule files, beside the built-in ones
        files: Vec<PathBuf>,
    },
    /// Say which relations a language lacks and which rules cannot fire or have no test
    Lint {
        /// Rule files, beside the built-in ones
        files: Vec<PathBuf>,
    },
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
pub enum ExportFormat {
    /// A Graphviz drawing
    Dot,
    /// One JSON object a line, as Neo4j's APOC exports, with the evidence beside
    Jsonl,
    /// Two tables with neo4j-admin headers
    Csv,
}
