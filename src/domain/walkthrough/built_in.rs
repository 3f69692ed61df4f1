//! The built-in walkthroughs, each from its file in `assets/walkthroughs`, read when they are first looked at.

use std::sync::{Arc, LazyLock};

use super::{PLAIN, ReadContext, Setting, Walkthrough, WalkthroughFault, read};

macro_rules! embedded {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../../../assets/walkthroughs/", $name, ".toml")))),*]
    };
}

/// In the order in which they are offered.
const FILES: [(&str, &str); 7] =
    embedded!["admin-user", "developer", "copy-permissions", "managed-studio", "koding", "stream-manager", "iguazio"];

const DOCUMENTS: [(&str, &str); 2] = [
    ("managed-studio.json", include_str!("../../../assets/walkthroughs/managed-studio.json")),
    ("stream-manager.json", include_str!("../../../assets/walkthroughs/stream-manager.json")),
];

/// What `iamwalk new` writes.
pub const STARTER: &str = include_str!("../../../assets/walkthroughs/starter.toml");

/// All of them, “plain” first.
pub static BUILT_IN: LazyLock<Vec<Arc<Walkthrough>>> = LazyLock::new(|| {
    let named = FILES.iter().filter_map(|(name, _)| built_in(name, &[], &|_| Err(String::new()))?.ok());
    std::iter::once(Walkthrough::plain()).chain(named).map(Arc::new).collect()
});

/// A built-in walkthrough with settings of the command line; `None` where there is none of this name.
///
/// `supplied` reads a file that the person named.
pub fn built_in(
    name: &str,
    settings: &[Setting],
    supplied: &dyn Fn(&str) -> Result<String, String>,
) -> Option<Result<Walkthrough, Vec<WalkthroughFault>>> {
    let beside = |file: &str| {
        let found = DOCUMENTS.iter().find(|(name, _)| *name == file);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| format!("There is no file {file}."))
    };
    let around = ReadContext { beside: &beside, supplied, aws_policies: &[], partition: None, own_server: true };
    let text = if name == PLAIN { "" } else { FILES.iter().find(|(known, _)| *known == name)?.1 };
    let made = read(name, &format!("{name}.toml"), text, settings, &around);
    Some(made.map(|read| match name {
        PLAIN => Walkthrough { title: Walkthrough::plain().title, summary: Walkthrough::plain().summary, ..read },
        _ => read,
    }))
}
