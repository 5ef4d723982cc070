//! The line format of the small data files of this room: `key = value | value | value`, `#` to the end of a line.

/// The keys of a table with their values, in order. A line that goes on begins with white space or `|`.
pub(crate) fn entries(table: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in table.lines() {
        let line = line.split('#').next().unwrap_or("");
        let (key, values) = match line.split_once('=') {
            Some((key, values)) => (Some(key.trim()), values),
            None => (None, line),
        };
        if let Some(key) = key {
            out.push((key, Vec::new()));
        }
        if let Some((_, list)) = out.last_mut() {
            list.extend(values.split('|').map(str::trim).filter(|v| !v.is_empty()));
        }
    }
    out
}

/// The values of one key; none if the table lacks it.
pub(crate) fn values(table: &'static str, key: &str) -> Vec<&'static str> {
    entries(table).into_iter().filter(|(k, _)| *k == key).flat_map(|(_, v)| v).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_go_on() {
        let table = "# a\nx = a | b c # d\n  | d\ny =\n";
        assert_eq!(super::entries(table), [("x", vec!["a", "b c", "d"]), ("y", vec![])]);
        assert_eq!(super::values(table, "x").len(), 3);
    }
}
