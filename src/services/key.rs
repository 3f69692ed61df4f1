//! An access key as the SDK takes it: its parts are checked before they travel in the headers of calls.

use std::time::SystemTime;

use aws_credential_types::Credentials;

pub(super) const WORDS: [&str; 3] = ["key id", "secret", "session token"];

/// Credentials of a key, its parts named so. Where they end: in the SDK.
///
/// # Errors
/// The name of the part that can't be sent, and why.
pub(super) fn key(
    names: [&'static str; 3],
    (id, secret, token): (String, String, Option<String>),
    expires: Option<SystemTime>,
) -> Result<Credentials, (&'static str, &'static str)> {
    for (name, value) in names.into_iter().zip([Some(&id), Some(&secret), token.as_ref()]) {
        let Some(value) = value else { continue };
        if value.is_empty() {
            return Err((name, "is empty"));
        }
        if value.contains(['\r', '\n']) {
            return Err((name, "holds a line end"));
        }
        // They travel in the headers of calls.
        if !value.bytes().all(|b| b.is_ascii_graphic()) {
            return Err((name, "holds a blank or another character that no key has"));
        }
    }
    Ok(Credentials::new(id, secret, token, expires, "iamwalk"))
}
