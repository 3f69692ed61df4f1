//! The guard that stands on every client.
//!
//! On the way out: nothing is sent in clear text to another machine unless the person allowed it, wherever the address comes
//! from (flag, environment, a profile's `services`). On the way in: an answer that was cut decodes as success in the SDK,
//! even with half a secret, so a 2xx whose body does not end as IAM's and STS's answers do becomes an error; and AWS's clock
//! is read from the `Date` header.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;

use super::https::proxy_of;
use crate::domain::endpoint::is_clear_text;

/// AWS's clock, in seconds since 1970, as its last answer showed it, and how long ago that was; 0 before the first.
#[derive(Clone, Debug, Default)]
pub(super) struct ServerClock(Arc<Mutex<Option<(i64, Instant)>>>);

impl ServerClock {
    pub(super) fn now(&self) -> i64 {
        let read = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.map_or(0, |(seconds, at)| seconds + i64::try_from(at.elapsed().as_secs()).unwrap_or_default())
    }

    fn set(&self, seconds: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((seconds, Instant::now()));
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    pub(super) clock: ServerClock,
    /// The person allowed secrets to travel in clear text.
    pub(super) clear_text: bool,
}

impl Guard {
    pub(super) fn new(clear_text: bool) -> Self {
        Self { clear_text, ..Self::default() }
    }
}

/// A call that would have travelled in clear text; it was not sent.
#[derive(Debug)]
pub(super) struct ClearText(pub(super) String);

impl fmt::Display for ClearText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is neither https nor on this machine", self.0)
    }
}

impl std::error::Error for ClearText {}

/// A 2xx whose body is not whole.
#[derive(Debug)]
pub(super) struct NotWhole {
    /// It begins as AWS's answers do, so it was cut; otherwise somebody else answered.
    pub(super) begins_like_aws: bool,
}

impl fmt::Display for NotWhole {
    // The body is not part of the text: it may hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.begins_like_aws { "the answer was cut off" } else { "the answer is not one of AWS's" })
    }
}

impl std::error::Error for NotWhole {}

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "Guard"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let address = context.request().uri().trim_end_matches('/');
        if !is_clear_text(address) || self.clear_text {
            return Ok(());
        }
        // Who says yes to that has to know all who could read along.
        let proxy = proxy_of(address).map(|proxy| format!(" (through the proxy {proxy})")).unwrap_or_default();
        Err(Box::new(ClearText(format!("{address}{proxy}"))))
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        if let Some(date) = response.headers().get("date").and_then(|text| DateTime::from_str(text, Format::HttpDate).ok()) {
            self.clock.set(date.secs());
        }
        if !response.status().is_success() {
            return Ok(());
        }
        let body = response.body().bytes().unwrap_or_default().trim_ascii();
        if ends_like_aws(body) { Ok(()) } else { Err(Box::new(NotWhole { begins_like_aws: begins_like_aws(body) })) }
    }
}

/// `…</CreateUserResponse>`: the last tag of every answer of the query protocol.
fn ends_like_aws(body: &[u8]) -> bool {
    let Some(open) = body.windows(2).rposition(|pair| pair == b"</") else { return false };
    let tag = &body[open + 2..];
    tag.strip_suffix(b"Response>").is_some_and(|name| !name.is_empty() && name.iter().all(u8::is_ascii_alphanumeric))
}

/// `<CreateUserResponse …`, behind an XML declaration or not; nothing at all may be a cut as well.
fn begins_like_aws(body: &[u8]) -> bool {
    let body = if body.starts_with(b"<?xml") {
        body.iter().position(|byte| *byte == b'>').map_or(&[][..], |end| body[end + 1..].trim_ascii())
    } else {
        body
    };
    let name: Vec<u8> = body.iter().skip(1).copied().take_while(u8::is_ascii_alphanumeric).collect();
    body.is_empty() || (body.starts_with(b"<") && (name.ends_with(b"Response") || body.len() == name.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: &str = "<?xml version=\"1.0\"?>\n<CreateUserResponse xmlns=\"x\"><CreateUserResult/></CreateUserResponse>\n";

    #[test]
    fn only_a_whole_answer_passes() {
        assert!(ends_like_aws(WHOLE.trim().as_bytes()));
        for page in ["", "<html></html>", "<ErrorResponse>", "</Response>", "AttachUserPolicyResponse>"] {
            assert!(!ends_like_aws(page.as_bytes()), "{page}");
        }
        assert!(!begins_like_aws(b"<!doctype html><html>"));
        assert!(begins_like_aws(b"<CreateAccessKeyResponse xmlns"));
    }

    proptest! {
        /// Wherever an answer is cut, it does not pass, and it is known to be AWS's.
        #[test]
        fn every_cut_is_noticed(at in 0usize..WHOLE.trim_ascii_end().len()) {
            let cut = WHOLE.as_bytes()[..at].trim_ascii();
            prop_assert!(!ends_like_aws(cut));
        }
    }
}
