//! Every example of the two pages beside the README can be asked, and finds something.

use samband::query::answer::{Options, Params};
use samband::query::run;

use super::world::world;

#[test]
fn the_examples_of_the_pages_run() {
    let mut count = 0;
    for page in ["QUESTIONS.md", "PATTERNS.md"] {
        let path = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).join(page);
        let text = std::fs::read_to_string(&path).unwrap();
        for block in text.split("```samband\n").skip(1) {
            let block = block.split("```").next().unwrap();
            for range in samband::query::parse::split(block) {
                // A page of questions shows one a line, a page of patterns one a paragraph.
                let statements: Vec<&str> =
                    if page == "QUESTIONS.md" { block[range].lines().collect() } else { vec![&block[range]] };
                for statement in statements {
                    count += 1;
                    let mut params = Params::new();
                    params.insert("name".to_owned(), samband::query::value::Value::string("Luleå"));
                    let answer = run(world(), statement, &params, &Options::default());
                    let answer = answer.unwrap_or_else(|e| panic!("{page}: {statement}\n{}", e.render(statement)));
                    let empty = answer.rows.is_empty() && answer.notes.is_empty();
                    assert!(!empty, "{page}: {statement} finds nothing and says nothing");
                }
            }
        }
    }
    assert!(count >= 60, "{count}");
}
