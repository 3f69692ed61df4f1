//! Holds the code to the layers of the design: who may name whom, who never touches the world, and that nobody goes in circles.

use std::collections::{BTreeMap, BTreeSet};
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
    ".await",
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
    ("view", &["view", "app", "domain"], PURE),
    (
        "faces",
        &["faces", "view", "app", "domain"],
        &["std::fs", "std::net", "std::env", "SystemTime", "Instant", "tokio", "aws_", "App"],
    ),
    (
        "runtime",
        &["app", "view", "faces", "services", "domain", "runtime"],
        &["aws_", "std::fs", "std::net", "arboard", "ratatui", "crossterm"],
    ),
    ("cli", &["cli", "app", "faces", "runtime", "services", "practice", "domain"], &["aws_sdk", "aws_config", "arboard"]),
    ("main", &["cli"], &["std::fs", "std::env", "clap", "tokio"]),
    ("lib", &[], PURE),
];

/// A file, however long, has one job; past this it has two.
const LINES: usize = 450;

/// A source file.
struct Source {
    path: PathBuf,
    /// `["domain", "ledger", "undo"]`.
    module: Vec<String>,
    /// Without its tests and comments.
    code: String,
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

fn sources() -> Vec<Source> {
    let source = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let relative = path.strip_prefix(src()).unwrap().with_extension("");
        let module = relative.iter().map(|part| part.to_str().unwrap().to_owned()).filter(|part| part != "mod").collect();
        Source { path, module, code }
    };
    files(&src()).into_iter().map(source).collect()
}

/// All paths that a file names, from the crate's root on: those of its imports, groups and all, and those in its code.
fn named(source: &Source) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    let mut rest = source.code.as_str();
    while let Some(at) = ["crate::", "super::", "iamwalk::"].iter().filter_map(|root| rest.find(root)).min() {
        // Not the tail of a longer path or name.
        let is_root = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
        let mut paths = Vec::new();
        let end = at + path(&rest[at..], &[], &mut paths);
        if is_root {
            found.extend(paths.into_iter().map(|path| from_the_root(&path, &source.module)));
        }
        rest = &rest[end..];
    }
    found
}

/// Reads one path with its groups, `a::{b, c::d}`; how long it is.
fn path(text: &str, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut own = before.to_vec();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if let Some(group) = rest.strip_prefix('{') {
            at += 1;
            let mut inner = group;
            loop {
                let blank = inner.len() - inner.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
                (at, inner) = (at + blank, &inner[blank..]);
                if inner.is_empty() || inner.starts_with('}') {
                    return at + 1;
                }
                let length = path(inner, &own, found).max(1);
                (at, inner) = (at + length, &inner[length..]);
            }
        }
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        at += word.len();
        if !word.is_empty() {
            own.push(word);
        }
        match text[at..].strip_prefix("::") {
            Some(_) => at += 2,
            None => break,
        }
    }
    found.push(own);
    at
}

fn from_the_root(path: &[String], module: &[String]) -> Vec<String> {
    let up = path.iter().take_while(|part| *part == "super").count();
    match path.first().map(String::as_str) {
        Some("super") => module[..module.len().saturating_sub(up)].iter().chain(&path[up..]).cloned().collect(),
        _ => path[1..].to_vec(),
    }
}

#[test]
fn every_layer_names_only_what_it_may() {
    let sources = sources();
    let mut wrong = Vec::new();
    for source in &sources {
        let layer = LAYERS.iter().find(|(layer, ..)| source.module[0] == *layer);
        let Some((_, may, never)) = layer else {
            wrong.push(format!("{} stands in no layer", source.path.display()));
            continue;
        };
        for path in named(source) {
            if LAYERS.iter().any(|(layer, ..)| path[0] == *layer && !may.contains(layer)) {
                wrong.push(format!("{} names {}", source.path.display(), path.join("::")));
            }
        }
        wrong.extend(
            never
                .iter()
                .filter(|word| source.code.contains(**word))
                .map(|word| format!("{} has `{word}`", source.path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(sources.len() > 150, "only {} files were read", sources.len());
}

/// The modules that name each other in a circle, among those that lie side by side.
fn circles(names: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>) -> Vec<Vec<String>> {
    let reached = |from: &Vec<String>| {
        let mut seen: BTreeSet<&Vec<String>> = BTreeSet::new();
        let mut open: Vec<&Vec<String>> = names.get(from).into_iter().flatten().collect();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(names.get(next).into_iter().flatten());
            }
        }
        seen.contains(from)
    };
    names.keys().filter(|from| reached(from)).cloned().collect()
}

/// What each module names of those beside it, with all that lies below it.
fn beside(sources: &[Source], layer: &str) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    let own = || sources.iter().filter(|source| source.module[0] == layer);
    let modules: BTreeSet<&[String]> =
        own().flat_map(|source| (2..=source.module.len()).map(|depth| &source.module[..depth])).collect();
    let mut names: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for source in own() {
        for path in named(source) {
            let shared = path.iter().zip(&source.module).take_while(|(one, other)| one == other).count();
            let (Some(one), Some(other)) = (source.module.get(..=shared), path.get(..=shared)) else { continue };
            if modules.contains(one) && modules.contains(other) {
                names.entry(one.to_vec()).or_default().insert(other.to_vec());
            }
        }
    }
    names
}

#[test]
fn nobody_goes_in_circles() {
    let sources = sources();
    for layer in ["domain", "services"] {
        let names = beside(&sources, layer);
        assert!(names.len() > 20, "{layer}: only {} modules name others", names.len());
        let circles: Vec<String> = circles(&names).iter().map(|module| module.join("::")).collect();
        assert!(circles.is_empty(), "these name each other in a circle: {}", circles.join(", "));
    }
}

/// The reading of imports itself: what it would miss, the other tests would pass over.
#[test]
fn imports_are_read_with_their_groups() {
    let source = Source {
        path: PathBuf::new(),
        module: ["services", "iam", "user"].map(str::to_owned).to_vec(),
        code: "use crate::{app::App, ui::{Theme, draw as d}};\nuse super::super::facts::{self, Fact};\nfn f() -> super::look::Sight { iamwalk::cli::x() }"
            .to_owned(),
    };
    let found: Vec<String> = named(&source).into_iter().map(|path| path.join("::")).collect();
    for path in ["app::App", "ui::Theme", "ui::draw", "services::facts::Fact", "services::iam::look::Sight", "cli::x"] {
        assert!(found.iter().any(|one| one == path), "no {path} in {found:?}");
    }
    let step = |from: &str, to: &str| (vec![from.to_owned()], BTreeSet::from([vec![to.to_owned()]]));
    let round = BTreeMap::from([step("a", "b"), step("b", "c"), step("c", "b")]);
    assert_eq!(circles(&round), [vec!["b".to_owned()], vec!["c".to_owned()]]);
}

#[test]
fn every_file_says_what_it_is_and_has_one_job() {
    for path in files(&src()) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} has no head", path.display());
        let lines = text.lines().count();
        assert!(lines <= LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn only_the_places_that_must_expose_a_secret() {
    let exposing: Vec<String> = sources()
        .into_iter()
        .filter(|source| source.code.contains(".expose()"))
        .map(|source| source.path.strip_prefix(src()).unwrap().display().to_string())
        .collect();
    let allowed = [
        "app/dialog_actions.rs",
        "app/form.rs",
        "app/mod.rs",
        "app/seen.rs",
        "cli/conversation.rs",
        "domain/hand_over.rs",
        "domain/preflight.rs",
        "faces/accessible/mod.rs",
        "faces/full_screen/parts.rs",
        "practice/login_profiles.rs",
        "practice/protocol.rs",
        "runtime.rs",
        "services/clipboard.rs",
        "services/credentials.rs",
        "services/gateway.rs",
        "services/iam/password.rs",
        "services/profile_files/rotation.rs",
        "services/profile_files.rs",
        "services/verify.rs",
    ];
    assert_eq!(exposing, allowed, "a new place handles a secret's text: say in its docstring where it ends");
}
