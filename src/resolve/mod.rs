//! The observations of all documents to entities and facts. Reads no text.
