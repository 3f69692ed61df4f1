//! The edit of profile files, on files as people have them: each case meets its manifest, and both families of readers say so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};
use iamwalk::domain::profile_file::{Change, Changed, EditRefused, Edited, FileKind, UNREAD, Values, edit, sections};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use serde_json::Value;

use super::support::{block_on, moto};

type Profiles = BTreeMap<String, BTreeMap<String, String>>;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credfiles"))
}

fn cases() -> Vec<Value> {
    let manifest = std::fs::read_to_string(folder().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    manifest["cases"].as_array().unwrap().clone()
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

fn kind_of(case: &Value) -> FileKind {
    if case["kind"] == "config" { FileKind::Config } else { FileKind::Credentials }
}

fn before(case: &Value) -> Vec<u8> {
    case["file"].as_str().map(|name| std::fs::read(folder().join(name)).unwrap()).unwrap_or_default()
}

fn changed(case: &Value, text: &str) -> Result<Edited, EditRefused> {
    let set = case["set"].as_object().unwrap().iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
    let remove = texts(&case["remove"]);
    edit(text, &Change { kind: kind_of(case), profile: case["profile"].as_str().unwrap(), set, remove: &remove })
}

/// What aws-config reads; `None` where it can't.
fn sdk(kind: FileKind, text: &str) -> Option<Profiles> {
    let kind = match kind {
        FileKind::Credentials => EnvConfigFileKind::Credentials,
        FileKind::Config => EnvConfigFileKind::Config,
    };
    let files = EnvConfigFiles::builder().with_contents(kind, text).build();
    let set = block_on(aws_config::profile::load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &files, None)).ok()?;
    let keys = |name: &str| -> BTreeMap<String, String> {
        let lower = text.to_lowercase();
        let words: BTreeSet<&str> = lower.split(|c: char| c.is_whitespace() || c == '=').collect();
        let profile = set.get_profile(name).unwrap();
        words.into_iter().filter_map(|key| Some((key.to_owned(), profile.get(key)?.to_owned()))).collect()
    };
    Some(set.profiles().map(|name| (name.to_owned(), keys(name))).collect())
}

/// What botocore reads of many files at once, by its own code: per file the sections, the profiles, or that it gave up.
fn botocore(files: &[(FileKind, Vec<u8>)]) -> Vec<Option<(Profiles, Profiles)>> {
    let folder = tempfile::tempdir().unwrap();
    for (index, (kind, bytes)) in files.iter().enumerate() {
        let kind = if *kind == FileKind::Config { "config" } else { "credentials" };
        std::fs::write(folder.path().join(format!("{index:07}-{kind}")), bytes).unwrap();
    }
    let code = "import os, json, botocore.configloader as c, botocore.exceptions as e\n\
        out = []\n\
        flat = lambda v: {k: v if isinstance(v, str) else json.dumps(v) for k, v in v.items()}\n\
        for name in sorted(os.listdir(os.environ['FOLDER'])):\n\
        \x20 path = os.path.join(os.environ['FOLDER'], name)\n\
        \x20 try: raw = c.raw_config_parse(path, parse_subsections=False); nested = c.raw_config_parse(path)\n\
        \x20 except e.ConfigParseError: out.append(None); continue\n\
        \x20 profiles = c.build_profile_map(nested)['profiles'] if name.endswith('-config') else nested\n\
        \x20 out.append([{k: flat(v) for k, v in raw.items()}, {k: flat(v) for k, v in profiles.items()}])\n\
        print(json.dumps(out))";
    let out = moto::script(code, &[("FOLDER", folder.path().to_str().unwrap())]);
    serde_json::from_str(&out).unwrap()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Lines of `before` that are not mutable are in `after`, in their order; returns how many more lines there are.
fn kept(name: &str, before: &str, after: &str, mutable: &[u64]) -> i64 {
    let (old, new) = (lines(before), lines(after));
    let mut rest = new.iter();
    for (index, line) in old.iter().enumerate() {
        if !mutable.contains(&(index as u64 + 1)) {
            // Only a last line without an end may get one.
            let is_same = |candidate: &&&str| **candidate == *line || (index + 1 == old.len() && candidate.trim_end() == *line);
            assert!(rest.by_ref().any(|candidate| is_same(&candidate)), "{name}: line {} is gone: {line:?}\n{after}", index + 1);
        }
    }
    i64::try_from(new.len()).unwrap() - i64::try_from(old.len()).unwrap()
}

#[test]
fn every_case_meets_its_manifest() {
    let mut results = Vec::new();
    for case in cases() {
        let name = case["id"].as_str().unwrap().to_owned();
        let bytes = before(&case);
        let edited = match std::str::from_utf8(&bytes) {
            Ok(text) => changed(&case, text),
            Err(_) => {
                assert_eq!(case["verdict"], "refuse", "{name}");
                continue;
            }
        };
        let edited = match (case["verdict"].as_str().unwrap(), edited) {
            ("refuse", Err(_)) => continue,
            ("edit", Ok(edited)) => {
                assert!(edited.asks.is_empty(), "{name}: {:?}", edited.asks);
                edited
            }
            ("ask", Ok(edited)) => {
                assert!(!edited.asks.is_empty(), "{name}: it has to ask");
                edited
            }
            (verdict, other) => panic!("{name}: {verdict}, but {other:?}"),
        };
        assert_eq!(edited.notes.is_empty(), texts(&case["warn"]).is_empty(), "{name}: {:?}", edited.notes);
        let (old, new) = (std::str::from_utf8(&bytes).unwrap(), edited.text.as_str());
        let mutable: Vec<u64> = case["mutable_lines"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
        assert!(kept(&name, old, new, &mutable) <= case["max_new_lines"].as_i64().unwrap(), "{name}");
        if let Some(end) = case["eol"].as_str() {
            let crlf = lines(new).iter().filter(|line| line.ends_with("\r\n")).count();
            assert!(
                if end == "\r\n" {
                    crlf == lines(new).len()
                } else {
                    crlf == lines(old).iter().filter(|l| l.ends_with("\r\n")).count()
                },
                "{name}"
            );
        }
        let again = changed(&case, new).unwrap();
        assert_eq!(*again.text, *edited.text, "{name}: once more changes nothing");
        assert!(again.asks.is_empty() || case["verdict"] == "ask", "{name}");
        // No secret is shown.
        let shown = format!("{:?} {:?} {:?}", edited.changed, edited.notes, edited.asks);
        for secret in ["nEw/S3cret", "abcDEF+ghi", "wJalrXUtn", "FwoGZXIv"] {
            assert!(!shown.contains(secret), "{name}: {shown}");
        }
        results.push((case, old.to_owned(), new.to_owned()));
    }
    assert!(results.len() > 25);
    let files: Vec<_> = results
        .iter()
        .flat_map(|(case, old, new)| [(kind_of(case), old.clone().into_bytes()), (kind_of(case), new.clone().into_bytes())])
        .collect();
    let read = botocore(&files);
    for ((case, old, new), pair) in results.iter().zip(read.chunks(2)) {
        let name = case["id"].as_str().unwrap();
        let own = case["profile"].as_str().unwrap();
        let mut views = vec![(pair[0].clone().map(|both| both.1).unwrap(), pair[1].clone().map(|both| both.1).unwrap())];
        if case["readers"] == "both" {
            views.push((sdk(kind_of(case), old).unwrap(), sdk(kind_of(case), new).unwrap()));
        }
        let may_go: BTreeSet<&str> = texts(&case["may_change_sections"]).into_iter().chain([own]).collect();
        for (mut before, mut after) in views {
            let profile = after.get(own).unwrap_or_else(|| panic!("{name}: {own} is not there\n{new}")).clone();
            for (key, value) in case["set"].as_object().unwrap() {
                assert_eq!(profile.get(key).map(String::as_str), value.as_str(), "{name}: {key}\n{new}");
            }
            for key in texts(&case["remove"]) {
                assert!(!profile.contains_key(key), "{name}: {key}");
            }
            before.retain(|profile, _| !may_go.contains(profile.as_str()));
            after.retain(|profile, _| !may_go.contains(profile.as_str()));
            assert_eq!(before, after, "{name}: the other profiles");
        }
    }
}

/// Texts as people, tools and accidents leave them: the pieces that readers disagree about among them.
fn texts_of_files() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        "[work]",
        "[default]",
        "[profile work]",
        "[profile default]",
        "[ work ]",
        "[work] # mine",
        "[work] ; see [wiki]",
        "[Work]",
        "[profile\twork]",
        "[profile  work]",
        "[profile \"work\"]",
        "[profilework]",
        "[DEFAULT]",
        "[other]",
        "[profile other]",
        "  [work]",
        "[sso-session x]",
        "[services s]",
        "[work",
        "[]",
        "[profile w ork]",
        "[plugins]",
    ]);
    let key = prop::sample::select(vec![
        "aws_access_key_id = AKIAQ3EGWIZ4B2B2B2B2",
        "aws_secret_access_key = abcDEF+ghiJKL/mnoPQRstuVWXyz0123456789AB",
        "aws_secret_access_key=abcDEF+ghiJKL/mnoPQRstuVWXyz0123456789AB # note",
        "AWS_ACCESS_KEY_ID = AKIAQ3EGWIZ4B2B2B2B2",
        "aws_access_key_id: AKIAQ3EGWIZ4B2B2B2B2",
        "aws_session_token = FwoG",
        "region = us-east-1",
        "region=us-east-1",
        "region =",
        "output\t=\ttext  ",
        "role_arn = arn:aws:iam::123456789012:role/x",
        "s3 =",
        "note = 100%(x)s ; more",
        "  aws_access_key_id = AKIAQ3EGWIZ4C3C3C3C3",
        "    max_concurrent_requests = 20",
        "  region = us-west-2",
        "\tregion = us-west-2",
        "  # indented",
        "# comment",
        "; comment [work]",
        "  continued",
        "nonsense",
        "= x",
        "",
        "   ",
        "\u{c}",
    ]);
    let end = prop::sample::select(vec!["\n", "\n", "\n", "\r\n", "\r", ""]);
    let lines =
        prop::collection::vec((prop_oneof![1 => header.prop_map(str::to_owned), 3 => key.prop_map(str::to_owned)], end), 0..14);
    // Most files have one kind of line end.
    (lines, prop::sample::select(vec!["\n", "\r\n", "mixed"])).prop_map(|(lines, kind)| {
        let end = |own: &'static str| if kind == "mixed" { own } else { kind };
        lines.into_iter().map(|(text, own)| text + end(own)).collect()
    })
}

/// How many lines of `old` stand in `new` in the same order (the longest common subsequence).
fn in_order(old: &[String], new: &[String]) -> usize {
    let mut row = vec![0; new.len() + 1];
    for line in old {
        let mut before = 0;
        for at in 0..new.len() {
            let above = row[at + 1];
            row[at + 1] = if *line == new[at] { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[new.len()]
}

/// For `count` texts: botocore's own reader agrees with ours, and whatever the edit does, only the profile's own lines change.
fn any_text(count: usize) {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = (texts_of_files(), any::<bool>(), prop::sample::select(vec!["work", "default", "new"]));
    let mut cases = Vec::new();
    for _ in 0..count {
        let (text, is_config, profile) = strategy.new_tree(&mut runner).unwrap().current();
        cases.push((text, if is_config { FileKind::Config } else { FileKind::Credentials }, profile));
    }
    let befores: Vec<_> = cases.iter().map(|(text, kind, _)| (*kind, text.clone().into_bytes())).collect();
    let read_before = botocore(&befores);
    let mut edits = Vec::new();
    for ((text, kind, own), before) in cases.iter().zip(&read_before) {
        // Ours reads what botocore reads, and gives up where it gives up.
        let plain = |values: Values| values.into_iter().map(|(key, value)| (key, value.to_string())).collect();
        let ours =
            sections(text).ok().map(|all| all.into_iter().map(|(name, values)| (name, plain(values))).collect::<Profiles>());
        // A block of [DEFAULT] is read only with the first section that inherits it: with our edit there is one.
        let is_unread = ours.is_none() && before.as_ref().is_some_and(|both| both.0.is_empty()) && text.contains("[DEFAULT]");
        assert!(is_unread || ours.as_ref() == before.as_ref().map(|both| &both.0), "{text:?}\n{ours:?}\n{before:?}");
        let set = match kind {
            FileKind::Credentials => vec![("aws_access_key_id", "AKIANEW"), ("aws_secret_access_key", "new/secret")],
            FileKind::Config => vec![("region", "eu-central-1"), ("output", "json")],
        };
        let change = Change { kind: *kind, profile: own, set, remove: &["aws_session_token", "aws_security_token"] };
        let Ok(edited) = edit(text, &change) else { continue };
        assert!(before.is_some(), "what botocore can't read is refused: {text:?}");
        let is_noted = edited.notes.iter().any(|note| note.starts_with(UNREAD));
        assert!(is_noted || sdk(*kind, text).is_some(), "that others can't read it is told: {text:?} {:?}", edited.notes);
        assert!(!is_noted || text.contains('\r') || sdk(*kind, text).is_none(), "they can: {text:?} {:?}", edited.notes);
        let again = edit(&edited.text, &change).unwrap_or_else(|why| panic!("{why}: {:?}", *edited.text));
        assert_eq!(*again.text, *edited.text, "{text:?}");
        assert!(
            !format!("{:?}", edited.changed).contains("new/secret") && !format!("{:?}", edited.changed).contains("abcDEF"),
            "{text:?}"
        );
        let removed = edited.changed.iter().filter(|line| matches!(line, Changed::Old(_))).count();
        edits.push((text, *kind, *own, before.clone().unwrap().1, edited.text.to_string(), edited.asks.is_empty(), removed));
    }
    let read_after =
        botocore(&edits.iter().map(|(_, kind, _, _, new, ..)| (*kind, new.clone().into_bytes())).collect::<Vec<_>>());
    let (mut plain, mut proven) = (0, 0);
    for ((text, kind, own, before, new, is_plain, removed), after) in edits.iter().zip(read_after) {
        let after = after.unwrap_or_else(|| panic!("botocore can't read {new:?}, of {text:?}")).1;
        let key = if *kind == FileKind::Config { "region" } else { "aws_access_key_id" };
        assert!(after[*own].get(key).is_some_and(|value| value == "AKIANEW" || value == "eu-central-1"), "{text:?}\n{new:?}");
        let others = |all: &Profiles| {
            all.iter().filter(|(name, _)| !name.contains(own)).map(|(n, v)| (n.clone(), v.clone())).collect::<Profiles>()
        };
        assert_eq!(others(before), others(&after), "{text:?}\n{new:?}");
        if *is_plain {
            plain += 1;
            assert_eq!(
                before.iter().filter(|(name, _)| name != own).collect::<Vec<_>>(),
                after.iter().filter(|(name, _)| name != own).collect::<Vec<_>>(),
                "{text:?}\n{new:?}"
            );
        }
        // Lines go only where that is said, and all others stay, whole and in order.
        let lines = |text: &str| -> Vec<String> {
            let lines = text.split(['\r', '\n']).filter(|line| !line.trim().is_empty());
            lines.map(str::to_owned).collect()
        };
        let old = lines(text);
        let gone = old.len() - in_order(&old, &lines(new));
        assert!(gone <= *removed, "{gone} are gone, {removed} were said: {text:?}\n{new:?}");
        // The other SDKs: what they could read they read as before.
        if let (Some(before), Some(after)) = (sdk(*kind, text), sdk(*kind, new)) {
            proven += usize::from(others(&before) == others(&after) && after.contains_key(*own));
        }
    }
    assert!(plain > count / 20 && proven > count / 20, "{plain} plain, {proven} proven of {}", edits.len());
    println!("{count} texts: {} edited, {plain} without a question, {proven} read by both; nothing lost", edits.len());
}

#[test]
fn any_text_is_refused_or_keeps_every_other_line() {
    any_text(3000);
}

/// `cargo test -- --ignored`: the same for long.
#[test]
#[ignore = "the whole of it takes minutes"]
fn any_text_whole() {
    any_text(300_000);
}
