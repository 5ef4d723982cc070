//! `errors.txt`: wrong inputs, each with the whole message as a terminal shows it without colour.

use indexmap::IndexMap;
use samband::query::answer::Options;
use samband::query::run;

use super::world::world;

/// Line that sets inputs apart.
const RULE: &str = "────────";

#[test]
fn wrong_inputs_get_the_messages_on_file() {
    let text = super::read("errors.txt");
    let mut out = String::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    let rule = format!("{RULE}\n");
    let mut parts = text.split(&rule);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (input, message) = part.split_once("\n\n").unwrap_or((part.trim_end(), ""));
        count += 1;
        let told = match run(world(), input, &IndexMap::new(), &Options::default()) {
            Ok(answer) => {
                let warned: Vec<String> = answer.warnings.iter().map(|w| w.message.clone()).collect();
                format!("no error: {} rows {}", answer.rows.len(), warned.join("; "))
            }
            Err(error) => error.render(input),
        };
        let told: String = told.lines().map(|l| format!("{}\n", l.trim_end())).collect();
        if told.starts_with("no error") {
            wrong.push(format!("{input}\n{told}"));
        } else if told.trim() != message.trim() && !super::bless() {
            wrong.push(format!("{input}\n{told}\nand not\n{message}"));
        }
        out.push_str(&format!("{RULE}\n{input}\n\n{}\n", told.trim_end()));
    }
    if super::bless() {
        std::fs::write(super::path("errors.txt"), out).unwrap();
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 80, "{count}");
}
