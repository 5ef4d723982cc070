use super::parse;

/// The blocks of the guide that are rule files.
fn blocks() -> Vec<String> {
    include_str!("../../../grammar/README.md").split("```\n").skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_example_of_the_guide_parses() {
    let blocks = blocks();
    assert!(blocks.len() > 8);
    for block in blocks {
        let text = if block.starts_with("language") { block.clone() } else { format!("language sv;\n{block}") };
        let text = text.replace("{ test … ; }", ";");
        if let Err(e) = parse("README.md", &text) {
            panic!("{e}\n{block}");
        }
    }
}
