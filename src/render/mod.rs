//! An answer as table, chains, json, csv, dot and the other forms. Computes no answer.
