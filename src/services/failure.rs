//! The SDK's errors become faults: what happened, which permission on which thing, what AWS said.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::guard::{ClearText, NotWhole};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::sanitise::clean;

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) permission: &'static str,
    pub(super) resource: Option<String>,
    /// It changes the account: an answer that did not come leaves it unclear.
    pub(super) writes: bool,
}

impl Call {
    pub(super) fn read(permission: &'static str) -> Self {
        Self { permission, resource: None, writes: false }
    }

    pub(super) fn on(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }

    pub(super) fn fault(self, kind: FaultKind, unclear: bool) -> Fault {
        let unclear = unclear && self.writes;
        Fault { permission: Some(self.permission), resource: self.resource, unclear, ..Fault::of(kind) }
    }

    /// Turns the SDK's error into a fault. The error itself, whose `Debug` may hold a body with a secret, ends here; of an
    /// answer only AWS's own message is kept, and that only where AWS gave a code, which it never does beside a secret.
    pub(super) fn failed<E>(self, error: SdkError<E, HttpResponse>) -> Fault
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        // Here is what depends on the kind of error, of which each call has its own.
        let end = match &error {
            SdkError::ConstructionFailure(_) => End::NotBuilt,
            SdkError::TimeoutError(_) => End::TimedOut,
            SdkError::DispatchFailure(failure) => End::NotSent { is_timeout: failure.is_timeout() },
            SdkError::ResponseError(_) => End::NotRead,
            SdkError::ServiceError(service) => {
                let (code, message) = (service.err().code(), service.err().message());
                End::Refused { status: service.raw().status().as_u16(), code, message: message.unwrap_or_default() }
            }
            _ => End::Other,
        };
        self.ended(&end, &error)
    }

    fn ended(self, end: &End<'_>, error: &(dyn Error + 'static)) -> Fault {
        if let Some(ClearText(address)) = source_of(error) {
            return self.fault(FaultKind::ClearText(address.clone()), false);
        }
        match *end {
            End::NotBuilt => self.fault(FaultKind::Invalid, false),
            End::TimedOut => self.fault(FaultKind::Timeout, true),
            End::NotSent { is_timeout } => {
                if let Some(credentials) = source_of::<CredentialsError>(error) {
                    return credentials_fault(credentials);
                }
                if is_timeout {
                    return self.fault(FaultKind::Timeout, true);
                }
                // Refused means that nothing was sent; of any other end of a connection that can't be known.
                let refused =
                    source_of::<std::io::Error>(error).is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused);
                let fault = self.fault(FaultKind::NoConnection, !refused);
                match innermost(error) {
                    Some(words) => fault.saying(short(&words)),
                    None => fault,
                }
            }
            End::NotRead => {
                let ours = source_of::<NotWhole>(error).is_none_or(|not_whole| not_whole.begins_like_aws);
                self.fault(if ours { FaultKind::Torn } else { FaultKind::NotAws }, true)
            }
            End::Refused { status, code: Some(code), message } => {
                let fault = self.fault(kind_of(code, message, status), status >= 500);
                if message.is_empty() { fault } else { fault.saying(message) }
            }
            End::Refused { status, .. } if status >= 500 => self.fault(FaultKind::ServerError, true),
            End::Refused { status, .. } => self.fault(FaultKind::NotAws, (200..300).contains(&status)),
            End::Other => self.fault(FaultKind::Torn, true),
        }
    }
}

/// How a call came to its end.
enum End<'a> {
    NotBuilt,
    TimedOut,
    NotSent {
        is_timeout: bool,
    },
    NotRead,
    /// Answered with an error.
    Refused {
        status: u16,
        code: Option<&'a str>,
        message: &'a str,
    },
    Other,
}

/// IAM's and STS's codes (the IAM API model's error lists, and "Common Errors").
fn kind_of(code: &str, message: &str, status: u16) -> FaultKind {
    match code {
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => FaultKind::Denied,
        "ExpiredToken" | "ExpiredTokenException" => FaultKind::Expired,
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" | "AuthFailure" => FaultKind::UnknownKey,
        "SignatureDoesNotMatch" if message.contains("Signature expired") || message.contains("not yet current") => {
            FaultKind::WrongClock
        }
        "RequestTimeTooSkewed" | "RequestExpired" => FaultKind::WrongClock,
        "SignatureDoesNotMatch" | "IncompleteSignature" => FaultKind::WrongSecret,
        "EntityAlreadyExists" => FaultKind::Exists,
        "NoSuchEntity" => FaultKind::NotFound,
        "LimitExceeded" => FaultKind::Quota,
        "DeleteConflict" => FaultKind::Conflict,
        "PasswordPolicyViolation" => FaultKind::PasswordPolicy,
        "EntityTemporarilyUnmodifiable" | "ConcurrentModification" => FaultKind::Busy,
        "Throttling" | "ThrottlingException" | "RequestLimitExceeded" | "TooManyRequestsException" => FaultKind::Throttled,
        "InvalidInput" | "ValidationError" | "MalformedPolicyDocument" | "PolicyNotAttachable" => FaultKind::Invalid,
        _ if status >= 500 => FaultKind::ServerError,
        other => FaultKind::Other(other.to_owned()),
    }
}

/// An error and all its sources.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// The first error of this type among an error's sources.
fn source_of<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// What the machine itself said last: "Connection refused", "failed to lookup address information".
fn innermost(error: &(dyn Error + 'static)) -> Option<String> {
    chain(error).skip(1).last().map(ToString::to_string)
}

/// How much of what somebody else said is reported.
const SAID_LIMIT: usize = 200;

/// Foreign words as one short line.
pub(super) fn short(text: &str) -> String {
    let line = clean(text).replace('\u{fffd}', "").split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SAID_LIMIT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// "Not there" is an answer to a look, and success for a delete.
pub(super) fn absent_is_none<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Why there are no credentials: what was said last and innermost, as one line.
pub(super) fn credentials_fault(error: &CredentialsError) -> Fault {
    // What our own providers found is a fault already.
    if let Some(Refused(fault)) = source_of(error) {
        return fault.clone();
    }
    let all: Vec<String> = chain(error).map(ToString::to_string).collect();
    let expired = ["expired", "Expired", "ExpiredToken"].iter().any(|word| all.iter().any(|said| said.contains(word)));
    let said = short(all.last().map(String::as_str).unwrap_or_default());
    Fault::of(if expired { FaultKind::Expired } else { FaultKind::NoCredentials }).saying(said)
}

/// A fault on its way through the SDK.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Fault);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Refused {}
