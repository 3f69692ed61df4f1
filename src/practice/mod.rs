//! Practice: an IAM account in memory, as an HTTP client for the real SDK. Nothing leaves the machine.
//!
//! Comes in: the SDK's signed requests of the IAM and STS query protocol. Goes out: the XML that AWS would answer.
//! The same gateway drives this and AWS, so that serialisation, paging, error decoding and retries are the same in both.

pub mod access_keys;
pub mod account;
pub mod catalogue;
pub mod entities;
pub mod faults;
mod login_profiles;
pub mod policies;
pub mod protocol;
mod refusal;
mod seed;
mod xml;

use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::date_time::Format;

pub use account::Account;
pub use catalogue::policy_names;
pub use seed::{CALLER_KEY, OLD_KEY, seeded};

type Furnish = Box<dyn FnOnce() -> Mutex<Account> + Send>;

/// The practice account as an HTTP client. Clones share one account.
#[derive(Clone)]
pub struct Practice {
    account: Arc<LazyLock<Mutex<Account>, Furnish>>,
    pace: Duration,
}

impl Practice {
    /// An HTTP client over the account that `furnish` makes at the first call (the catalogue takes its time). Each answer
    /// takes `pace`, so that a person can watch the calls being made.
    pub fn new(furnish: impl FnOnce() -> Account + Send + 'static, pace: Duration) -> Self {
        let furnish: Furnish = Box::new(|| Mutex::new(furnish()));
        Self { account: Arc::new(LazyLock::new(furnish)), pace }
    }

    /// Looks into the account, or arranges it for a test.
    pub fn with_account<T>(&self, look: impl FnOnce(&mut Account) -> T) -> T {
        look(&mut self.account.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let body = request.body().bytes().ok_or_else(|| ConnectorError::user("practice reads no streamed body".into()))?;
        let signed_by = request.headers().get("authorization").and_then(protocol::key_of_authorization).unwrap_or_default();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let answer = self.with_account(|account| {
            account.set_clock(i64::try_from(now).unwrap_or_default());
            protocol::answer(account, &signed_by, body)
        });
        response(answer.status, answer.body, account_date(now))
    }
}

fn account_date(now: u64) -> String {
    DateTime::from_secs(i64::try_from(now).unwrap_or_default()).fmt(Format::HttpDate).unwrap_or_default()
}

/// An answer as the SDK's HTTP client would hand it over.
fn response(status: u16, body: String, date: String) -> Result<HttpResponse, ConnectorError> {
    let answer = http::Response::builder()
        .status(status)
        .header("content-type", "text/xml")
        .header("x-amzn-requestid", protocol::REQUEST_ID)
        .header("date", date)
        .body(SdkBody::from(body))
        .map_err(|error| ConnectorError::other(error.into(), None))?;
    HttpResponse::try_from(answer).map_err(|error| ConnectorError::other(error.into(), None))
}

impl fmt::Debug for Practice {
    // The account holds made-up secrets; they are treated as real ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Practice(…)")
    }
}

impl HttpConnector for Practice {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(this.pace).await;
            this.answer(&request)
        })
    }
}
