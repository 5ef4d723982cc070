//! The user's folders after the XDG base directory specification, saved queries, and the configuration file.
//!
//! The configuration holds lines `key = value` (a part of TOML): `mode`, `limit`, `timer`, `pager`.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::render::Form;

/// Folders of the user; none with `--no-config` or without a home.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    pub(crate) config: PathBuf,
    pub(crate) state: PathBuf,
    pub(crate) data: PathBuf,
}

impl Folders {
    pub(crate) fn find(no_config: bool) -> Option<Folders> {
        if no_config {
            return None;
        }
        let base = etcetera::choose_base_strategy().ok()?;
        Some(Folders {
            config: base.config_dir().join("samband"),
            state: base.state_dir().unwrap_or_else(|| base.data_dir()).join("samband"),
            data: base.data_dir().join("samband"),
        })
    }
}

/// The file of a saved query: as it is written, then in `./queries`, then in the data folder; `.sq` may be left out.
pub(crate) fn saved_query(name: &Path, folders: Option<&Folders>) -> Option<PathBuf> {
    let mut file = name.as_os_str().to_owned();
    if name.extension().is_none_or(|e| e != "sq") {
        file.push(".sq");
    }
    let file = PathBuf::from(file);
    let places = [
        Some(name.to_owned()),
        Some(file.clone()),
        Some(Path::new("queries").join(&file)),
        folders.map(|f| f.data.join("queries").join(&file)),
    ];
    // A pipe (`<(…)` of a shell) is a file to read too.
    places.into_iter().flatten().find(|p| p.exists() && !p.is_dir())
}

/// What the configuration file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Config {
    pub(crate) mode: Option<Form>,
    pub(crate) limit: Option<u64>,
    pub(crate) timer: bool,
    pub(crate) pager: Option<String>,
}

impl Config {
    /// Reads `config.toml`; what it holds that is not understood is told, with its line, and passed over.
    pub(crate) fn read(folders: Option<&Folders>) -> (Config, Vec<String>) {
        let Some(path) = folders.map(|f| f.config.join("config.toml")).filter(|p| p.exists()) else {
            return (Config::default(), Vec::new());
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let (config, faults) = Config::parse(&text);
                (config, faults.into_iter().map(|f| format!("{}:{f}", path.display())).collect())
            }
            Err(e) => (Config::default(), vec![format!("{} cannot be read: {e}", path.display())]),
        }
    }

    fn parse(text: &str) -> (Config, Vec<String>) {
        let mut config = Config::default();
        let mut faults = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').map_or((line, ""), |(k, v)| (k.trim(), v.trim()));
            let bare = match value.strip_prefix('"').and_then(|v| v.split_once('"')) {
                Some((inside, _)) => inside,
                None => value.split('#').next().unwrap_or_default().trim(),
            };
            let understood = match key {
                "mode" => Form::from_word(bare).map(|f| config.mode = Some(f)),
                "limit" => bare.parse().ok().map(|n| config.limit = Some(n)),
                "timer" => bare.parse().ok().map(|b| config.timer = b),
                "pager" => {
                    config.pager = Some(bare.to_owned());
                    Some(())
                }
                _ => None,
            };
            if understood.is_none() {
                faults.push(format!(
                    "{number}: `{line}` is not understood; write mode = \"table\", limit = 100, timer = true or pager = \"less -FRX\""
                ));
            }
        }
        (config, faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_read_and_what_it_gets_wrong_is_told_by_line() {
        let text =
            "# mine\nmode = \"csv\"\nlimit = 20 # rows\n\ntimer = true\npager = \"less -S\"\nmood = 1\nlimit = many\n";
        let (config, faults) = Config::parse(text);
        let wanted = Config { mode: Some(Form::Csv), limit: Some(20), timer: true, pager: Some("less -S".to_owned()) };
        assert_eq!(config, wanted);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("7:") && faults[1].starts_with("8:"), "{faults:?}");
    }
}
