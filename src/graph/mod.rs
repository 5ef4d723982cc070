//! The property graph, its file, its indexes and petgraph's visit traits. Knows no query language.
