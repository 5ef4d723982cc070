//! The stages in order: documents to readings to a graph, and a question to its answer.
