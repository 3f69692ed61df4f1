//! What the tests share: a practice gateway, a real moto server, a real terminal.

pub mod app;
pub mod moto;
mod person;
pub mod place;
pub mod proxy;
pub mod samples;
pub mod served;
pub mod terminal;
#[cfg(target_os = "linux")]
pub mod turnstile;

use std::path::Path;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use iamwalk::practice::{Account, CALLER_KEY, Practice, seeded};
use iamwalk::services::environment::Environment;
use iamwalk::services::profile_files::ProfileFiles;
use iamwalk::services::sessions::Sessions;
use iamwalk::services::settings::Settings;
use iamwalk::services::settings::Timeouts;
use iamwalk::services::settings::Waits;
use iamwalk::services::terminal_loan::Lender;

/// Bytes that are the same in every run.
pub fn steady_account() -> Account {
    let mut state = 7u64;
    let mut account = seeded(Box::new(move |bytes| {
        for byte in bytes {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (state >> 33) as u8;
        }
    }));
    account.key_lag = 0;
    account
}

/// A practice account that answers at once.
pub fn practice() -> Practice {
    Practice::new(steady_account, Duration::ZERO)
}

/// Settings over any HTTP client in place of practice's.
pub fn settings(connector: impl HttpConnector + 'static) -> Settings {
    let patience = Timeouts {
        connect: Duration::from_secs(2),
        attempt: Duration::from_millis(500),
        call: Duration::from_secs(2),
        process: Duration::from_secs(2),
    };
    Settings {
        region: None,
        endpoint: None,
        clear_text: false,
        patience,
        practice: (SharedHttpConnector::new(connector), CALLER_KEY),
        environment: Environment::default(),
        files: ProfileFiles::within(Path::new("/nowhere")),
        practice_files: ProfileFiles::within(Path::new("/nowhere")),
        practice_profile: String::new(),
        waits: Waits { every: Duration::from_millis(1), at_most: Duration::from_secs(2) },
        sessions: Sessions::default(),
        lender: Lender::default(),
    }
}

/// Runs a future on a runtime of its own, on which no wait takes time: for calls that stay in this process.
pub fn block_on_at_once<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// Runs a future on a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
