//! Many statements on one graph: what was planned once is run again without parsing, checking and planning.

use indexmap::IndexMap;

use super::answer::{Answer, Options, Params};
use super::engine::{self, Prepared};
use super::error::QueryError;
use super::stack::roomy;
use crate::graph::Graph;

/// Plans kept at once; the oldest makes room.
const MOST_PLANS: usize = 256;

/// A graph with the plans of the statements that were asked of it.
///
/// ```
/// use samband::graph::{Builder, SchemaMode};
/// use samband::query::{Session, answer::{Options, Params}};
///
/// let mut builder = Builder::new(SchemaMode::Open);
/// builder.add_node(&["Region"], vec![("name".into(), "Skåne".into())])?;
/// let mut session = Session::new(builder.freeze()?);
/// let answer = session.run("MATCH (r:Region) RETURN r.name", &Params::new(), &Options::default())?;
/// assert_eq!(answer.rows[0][0].to_string(), "'Skåne'");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    graph: Graph,
    /// By the text of the statement and whether it was planned as written.
    plans: IndexMap<(String, bool), Prepared>,
}

impl Session {
    /// A session without plans.
    pub fn new(graph: Graph) -> Session {
        Session { graph, plans: IndexMap::new() }
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Answers a statement that reads, as [`run`](super::run) does.
    ///
    /// # Errors
    /// As [`run`](super::run).
    pub fn run(&mut self, statement: &str, params: &Params, options: &Options) -> Result<Answer, QueryError> {
        roomy(|| self.answer(statement, params, options))
    }

    fn answer(&mut self, statement: &str, params: &Params, options: &Options) -> Result<Answer, QueryError> {
        let started = options.clock.elapsed();
        let key = (statement.to_owned(), options.naive);
        if let Some(prepared) = self.plans.get(&key) {
            return prepared.run(&self.graph, params, options, started);
        }
        let Some(prepared) = engine::prepare(&self.graph, statement, params, options)? else {
            return engine::run(&self.graph, statement, params, options);
        };
        let answer = prepared.run(&self.graph, params, options, started);
        if self.plans.len() >= MOST_PLANS {
            self.plans.shift_remove_index(0);
        }
        self.plans.insert(key, prepared);
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Builder, SchemaMode};
    use crate::query::error::Detail;
    use crate::query::value::Value;

    #[test]
    fn a_plan_is_run_again_with_other_parameters() {
        let mut b = Builder::new(SchemaMode::Open);
        for name in ["Aino", "Elsa"] {
            b.add_node(&["Person"], vec![("name".into(), name.into())]).unwrap();
        }
        let mut session = Session::new(b.freeze().unwrap());
        let query = "MATCH (p:Person {name: $name}) RETURN p.name AS name";
        for name in ["Aino", "Elsa", "Aino", "Nils"] {
            let params = Params::from_iter([("name".to_owned(), Value::string(name))]);
            let answer = session.run(query, &params, &Options::default()).unwrap();
            assert_eq!(answer.rows.len(), usize::from(name != "Nils"), "{name}");
        }
        assert_eq!(session.plans.len(), 1);
        let missing = session.run(query, &Params::new(), &Options::default()).unwrap_err();
        assert_eq!(missing.detail, Detail::MissingParameter);
    }
}
