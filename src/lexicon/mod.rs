//! Places with their names in five languages, countries, first names and legal forms; loaded once, lazily. Reads no documents.
