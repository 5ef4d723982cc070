use super::{RuleSet, run_tests};

/// Every sentence that the rule files bring with them, read as a whole document.
#[test]
fn the_rules_read_their_own_sentences() {
    let set = RuleSet::builtin().unwrap();
    let reports = run_tests(&set, &|t| crate::extract::read(&t.document().unwrap(), &set));
    let failed: Vec<String> = reports.iter().filter(|r| !r.passed()).map(ToString::to_string).collect();
    assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), reports.len(), failed.join("\n"));
}
