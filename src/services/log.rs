//! The log, for finding faults: only with `RUST_LOG`, into a file of the state folder, never on the screen.
//!
//! At trace the SDK prints whole answers, secrets and all, so its crates and the HTTP client's are capped here at info,
//! whatever `RUST_LOG` says.

use std::path::PathBuf;
use std::sync::Mutex;

use tracing::{Level, Metadata};
use tracing_subscriber::filter::{FilterFn, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::private_file;

/// Starts the log where `RUST_LOG` asks for one; names its file. Without a folder to write in there is none.
pub fn start() -> Option<PathBuf> {
    let filter: Targets = std::env::var("RUST_LOG").ok()?.parse().ok()?;
    let folder = dirs::state_dir().or_else(dirs::data_local_dir)?.join("iamwalk");
    private_file::folder(&folder).ok()?;
    let path = folder.join("iamwalk.log");
    let file = private_file::append(&path).ok()?;
    tracing_subscriber::registry()
        .with(filter)
        .with(FilterFn::new(is_harmless))
        .with(tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file)))
        .try_init()
        .ok()?;
    Some(path)
}

/// Whether a line can't hold an answer's body: ours, or at info and above.
fn is_harmless(line: &Metadata<'_>) -> bool {
    line.target().starts_with("iamwalk") || *line.level() <= Level::INFO
}
