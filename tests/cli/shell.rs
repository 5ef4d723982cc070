//! The shell on a real pseudo-terminal, which Python's `pty` holds; skipped, and said so, where there is no Python.

use std::process::Command;

use super::{Outcome, Room, graph_room, repository};

const PROMPT: &str = "samband> ";

/// Runs a session of steps (text to wait for, keys to type); `None` where none can be held.
fn session(
    room: &Room,
    size: (u16, u16),
    environment: &[(&str, &str)],
    arguments: &[&str],
    steps: &[(&str, &str)],
) -> Option<Outcome> {
    if Command::new("python3").args(["-c", "import pty, fcntl"]).output().map_or(true, |o| !o.status.success()) {
        eprintln!("SKIPPED: no python3 with a pty module, so no pseudo-terminal");
        return None;
    }
    // What the command would inherit, as a program that is told it: the environment of `Room::command`.
    let bare = room.command();
    let mut command = Command::new("python3");
    command.current_dir(room.path("")).arg(repository("tests/cli/terminal.py"));
    for (name, value) in bare.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.env("TERM", "xterm").env("SAMBAND_PAGER", "").envs(environment.iter().copied());
    command.args([size.0.to_string(), size.1.to_string(), serde_json::to_string(steps).unwrap()]);
    command.arg(bare.get_program()).args(arguments);
    let output = command.output().expect("python3 runs");
    Some(Outcome {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// What was shown, without what moves the cursor and colours.
fn plain(text: &str) -> String {
    regex::Regex::new("\u{1b}(\\[[0-9;?]*[A-Za-z]|[=>])").unwrap().replace_all(text, "").into_owned()
}

#[test]
fn questions_names_several_lines_and_commands() {
    let room = graph_room();
    let steps = [
        (PROMPT, "who works for Vetlanda kommun\r"),
        ("Emma Ekdahl", ""),
        (PROMPT, ":why 1\r"),
        ("“Emma Ekdahl är näringslivschef på Vetlanda kommun.”", ""),
        // å ä ö folded, and the name in quotes, since it has a space.
        (PROMPT, "what is smalands h\t"),
        ("\"Smålands Hamnar\"", "\r"),
        ("MEMBER_OF", ""),
        (PROMPT, ":fin\t"),
        ("find", " hamnar\r"),
        (":Association", ""),
        (PROMPT, "MATCH (n:PublicBody)\r"),
        ("\n", "RETURN count(n) AS bodies;\r"),
        ("bodies", ""),
        (PROMPT, ":help\r"),
        ("Ask in words", ""),
        (PROMPT, ":schema\r"),
        ("PARTNERS_WITH", ""),
        (PROMPT, ":shcema\r"),
        ("did you mean :schema?", ""),
        (PROMPT, "which partners link Vetlanda to Turku\r"),
        ("Kalmar kommun", ""),
        (PROMPT, ":dot answer.dot\r"),
        ("answer.dot written", ""),
        (PROMPT, ":mode csv\r"),
        (PROMPT, "RETURN 6 * 7 AS product\r"),
        ("42", ""),
        (PROMPT, ":last\r"),
        ("42", ""),
        (PROMPT, ":mode table\r"),
        (PROMPT, ":param who \"Vetlanda kommun\"\r"),
        (PROMPT, "MATCH (a) WHERE a.name ~ $who RETURN a.name AS found\r"),
        ("found", ""),
        (PROMPT, ":save mine\r"),
        ("saved as queries/mine.sq", ""),
        (PROMPT, ":run mine who=\"Kalmar kommun\"\r"),
        ("Kalmar kommun", ""),
        (PROMPT, ":limit 2\r"),
        (PROMPT, "UNWIND range(1, 9) AS n RETURN n\r"),
        ("2 of 9 rows", ""),
        (PROMPT, ":show Smålands Hamnar\r"),
        ("MEMBER_OF", ""),
        (PROMPT, "what is Ekdahl\r"),
        ("may mean", ""),
        (PROMPT, ":history\r"),
        ("who works for Vetlanda kommun", ""),
        (PROMPT, ":quit\r"),
    ];
    let Some(outcome) = session(&room, (60, 120), &[], &["g.samband"], &steps) else { return };
    outcome.is(0, "", "");
    assert!(room.read("answer.dot").starts_with(b"digraph"));
    let history = String::from_utf8(room.read("xdg/state/samband/history")).unwrap();
    assert!(history.contains("who works for Vetlanda kommun"), "{history}");
    // The next session has the history of this one.
    let again = [
        (PROMPT, "\u{1b}[A"),
        (":quit", "\u{1b}[A"),
        (":history", "\u{15}"),
        ("", "RETURN 5 + 6 AS s\r"),
        // Typed before the prompt is back, the key would reach the terminal and not the shell.
        ("11", ""),
        (PROMPT, "\u{4}"),
    ];
    session(&room, (40, 100), &[], &["g.samband"], &again).unwrap().is(0, "", "");
}

#[test]
fn ctrl_c_stops_what_runs_and_keeps_the_shell() {
    let room = graph_room();
    let slow = "UNWIND range(1, 90000) AS a UNWIND range(1, 90000) AS b RETURN count(*) AS never\r";
    let steps = [
        (PROMPT, "half a quest\u{3}"),
        ("Ctrl-D or :quit leaves", ""),
        (PROMPT, slow),
        ("never", ""),
        ("\n", "\u{3}"),
        ("stopped", ""),
        (PROMPT, "RETURN 20 + 3 AS alive\r"),
        ("23", ""),
        (PROMPT, "\u{4}"),
    ];
    let Some(outcome) = session(&room, (40, 100), &[], &["g.samband", "--no-config"], &steps) else { return };
    outcome.is(0, "", "");
    assert!(!room.path("xdg").exists(), "--no-config leaves nothing behind");
}

#[test]
fn a_terminal_without_abilities_gets_plain_text() {
    let room = graph_room();
    let steps = [
        (PROMPT, "MATCH (n:Association) RETURN n.name AS name\r"),
        ("Hamnar", ""),
        (PROMPT, "RETURN x\r"),
        ("not defined", ""),
        (PROMPT, ":quit\r"),
    ];
    let Some(dumb) = session(&room, (40, 100), &[("TERM", "dumb")], &["g.samband"], &steps) else { return };
    assert!(!dumb.is(0, "", "").out.contains('\u{1b}'));
    let colour = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    let without = session(&room, (40, 100), &[("NO_COLOR", "1")], &["g.samband"], &steps).unwrap().is(0, "", "");
    assert!(!colour.is_match(&without.out), "{}", without.out.escape_debug());
    let with = session(&room, (40, 100), &[], &["g.samband"], &steps).unwrap().is(0, "", "");
    assert!(colour.is_match(&with.out), "{}", with.out.escape_debug());
}

#[test]
fn answers_fit_the_screen_and_long_ones_are_paged() {
    let room = graph_room();
    let long = "UNWIND range(1, 600) AS n RETURN n";
    let Some(paged) =
        session(&room, (30, 80), &[("SAMBAND_PAGER", "sed s/^/page/")], &["query", "g.samband", long], &[])
    else {
        return;
    };
    let shown = plain(&paged.is(0, "", "").out);
    assert!(shown.contains("page") && shown.contains("500 of 600 rows shown"), "{shown}");
    for columns in [40, 60, 100] {
        let ask = ["query", "g.samband", "which partners link Vetlanda to Turku"];
        let outcome = session(&room, (200, columns), &[("NO_COLOR", "1")], &ask, &[]).unwrap().is(0, "", "");
        let shown = plain(&outcome.out);
        let widest =
            shown.lines().filter(|l| l.contains('─') || l.contains('1')).map(|l| l.trim_end().chars().count()).max();
        assert!(widest.unwrap_or(0) <= usize::from(columns), "{columns} columns:\n{shown}");
    }
    // Into a file nothing is cut, whatever the screen.
    let wide = format!("RETURN '{}' AS w", "w".repeat(300));
    session(&room, (30, 80), &[], &["query", "g.samband", &wide, "-o", "w.txt"], &[]).unwrap().is(0, "", "");
    assert!(String::from_utf8(room.read("w.txt")).unwrap().contains(&"w".repeat(300)));
}

#[test]
fn the_configuration_is_read_unless_told_otherwise() {
    let room = graph_room();
    room.write("xdg/config/samband/config.toml", "mode = \"jsonl\"\ntimer = true\nmood = \"good\"\n");
    let steps = [(PROMPT, "RETURN 7 AS n\r"), ("{\"n\":7}", ""), ("1 rows in", ""), (PROMPT, ":quit\r")];
    let Some(outcome) = session(&room, (40, 100), &[], &["g.samband"], &steps) else { return };
    outcome.is(0, "config.toml:3: `mood = \"good\"` is not understood", "");
    let steps = [(PROMPT, "RETURN 7 AS n\r"), ("  7", ""), (PROMPT, ":quit\r")];
    session(&room, (40, 100), &[], &["g.samband", "--no-config"], &steps).unwrap().is(0, "", "");
}
