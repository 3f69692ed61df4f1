//! Holds the code to the layers of the design: who may name whom, and who never touches the world.

use std::fs;
use std::path::{Path, PathBuf};

/// What stands in no layer without IO, clock, terminal and SDK.
const PURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::io",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "async ",
    "await",
    "tokio",
    "crossterm",
    "ratatui",
    "aws_config",
    "aws_credential_types",
    "aws_runtime",
    "aws_sdk",
    "aws_smithy",
    "aws_types",
    "arboard",
    "dirs::",
    "getrandom",
];

/// Layer, the crate's own modules that it may name, and what must not stand in it.
const LAYERS: &[(&str, &[&str], &[&str])] = &[
    ("domain", &["domain"], PURE),
    (
        "practice",
        &["practice", "domain"],
        &["std::fs", "std::net", "std::env", "aws_sdk", "aws_config", "crossterm", "ratatui", "dirs::", "arboard"],
    ),
    ("services", &["services", "domain"], &["crossterm", "ratatui"]),
    ("app", &["app", "domain"], PURE),
    (
        "ui",
        &["ui", "app", "domain"],
        &["std::fs", "std::net", "std::env", "std::io", "SystemTime", "Instant", "tokio", "crossterm", "aws_", "&mut App"],
    ),
    ("runtime", &["app", "ui", "services", "domain", "runtime"], &["aws_", "std::fs", "std::net", "arboard"]),
    ("runtime.rs", &["app", "ui", "services", "domain"], &["aws_", "std::fs", "std::net", "arboard"]),
];

fn sources(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut found: Vec<PathBuf> = fs::read_dir(path).unwrap().flat_map(|entry| sources(&entry.unwrap().path())).collect();
    found.sort();
    found
}

/// The code before a file's tests, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_layer_names_only_what_it_may() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules = ["domain", "practice", "services", "app", "ui", "runtime"];
    let mut wrong = Vec::new();
    let mut read = 0;
    for (layer, may, never) in LAYERS {
        for path in sources(&src.join(layer)) {
            read += 1;
            let code = code(&path);
            for module in modules.iter().filter(|module| !may.contains(module)) {
                if code.contains(&format!("crate::{module}")) {
                    wrong.push(format!("{} names {module}", path.display()));
                }
            }
            for word in *never {
                if code.contains(word) {
                    wrong.push(format!("{} has `{word}`", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(read > 50, "only {read} files were read");
}

#[test]
fn every_file_says_what_it_is() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&src) {
        assert!(fs::read_to_string(&path).unwrap().starts_with("//! "), "{} has no head", path.display());
    }
}

#[test]
fn only_the_places_that_must_expose_a_secret() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let exposing: Vec<String> = sources(&src)
        .into_iter()
        .filter(|path| code(path).contains(".expose()"))
        .map(|path| path.strip_prefix(&src).unwrap().display().to_string())
        .collect();
    let allowed = [
        "app/answering.rs",
        "app/asking.rs",
        "app/mod.rs",
        "app/seen.rs",
        "domain/hand_over.rs",
        "domain/preflight.rs",
        "main.rs",
        "practice/credentials.rs",
        "practice/protocol.rs",
        "runtime.rs",
        "services/clipboard.rs",
        "services/credentials.rs",
        "services/profile_files.rs",
        "services/steps.rs",
        "services/verify.rs",
        "ui/phases.rs",
    ];
    assert_eq!(exposing, allowed, "a new place handles a secret's text: say in its docstring where it ends");
}
