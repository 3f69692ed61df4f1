//! What went wrong with a call, with its remedy, in the person's words.
//!
//! The gateway makes these from the SDK's errors; nothing of the SDK's own text gets further than [`Fault::said`], and
//! of `CreateAccessKey` not even that.

use std::fmt;

/// The kinds of failure that have a remedy of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// No usable credentials were found.
    NoCredentials,
    /// The named profile is in none of the files.
    NoSuchProfile(String),
    /// The profile assumes a role that wants a code of this MFA device.
    MfaNeeded(String),
    /// A call would go to this address in clear text, which the person has not allowed; nothing was sent.
    ClearText(String),
    /// The session's credentials are over.
    Expired,
    /// The key id is unknown to AWS (deleted, inactive, of another partition, or too new).
    UnknownKey,
    /// The secret does not belong to the key id.
    WrongSecret,
    /// This machine's clock is too far from AWS's.
    WrongClock,
    /// The caller lacks a permission.
    Denied,
    NotFound,
    /// A thing of that name already exists.
    Exists,
    /// A quota of the account is used up.
    Quota,
    /// Something is still attached to the thing that was to be deleted.
    Conflict,
    /// The password breaks the account's policy.
    PasswordPolicy,
    /// IAM refuses the input.
    Invalid,
    /// IAM is changing this thing just now.
    Busy,
    /// IAM asks for fewer calls.
    Throttled,
    /// The name of the endpoint can't be resolved, or nothing listens there.
    NoConnection,
    /// No answer in time.
    Timeout,
    /// An answer came, but it is not one of IAM's (a proxy's page, another service).
    NotAws,
    /// The answer was cut off.
    Torn,
    /// IAM failed inside.
    ServerError,
    /// Files, clipboard, or anything else on this machine.
    Local,
    /// A code that has no text of its own here.
    Other(String),
}

/// A failed call: what happened, which permission on which thing, what AWS said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The call as a permission: `iam:CreateUser`.
    pub permission: Option<&'static str>,
    /// What it was made on: a name or an ARN.
    pub resource: Option<String>,
    /// AWS's own words, whole; never those of a call whose answer holds a secret.
    pub said: Option<String>,
    /// The address that was called, where it is not the SDK's own, and who says it: `http://… (from AWS_ENDPOINT_URL)`.
    pub endpoint: Option<Box<str>>,
    /// The call may have taken effect although it failed here.
    pub unclear: bool,
}

impl Fault {
    /// A failure of this kind, of no particular call.
    pub fn of(kind: FaultKind) -> Self {
        Self { kind, permission: None, resource: None, said: None, endpoint: None, unclear: false }
    }

    /// A failure on this machine, in words.
    pub fn local(words: impl Into<String>) -> Self {
        Self { said: Some(words.into()), ..Self::of(FaultKind::Local) }
    }

    /// The same, with the words that came with it.
    #[must_use]
    pub fn saying(mut self, words: impl Into<String>) -> Self {
        self.said = Some(words.into());
        self
    }

    /// A failure before anything was sent.
    #[must_use]
    pub fn and_nothing_sent(mut self) -> Self {
        self.said = self.said.map(|said| format!("{said} Nothing was sent."));
        self
    }

    /// What happened, as one sentence.
    pub fn what(&self) -> String {
        let call = self.permission.map_or_else(|| "the call".to_owned(), |p| p.split(':').nth(1).unwrap_or(p).to_owned());
        let on = self.resource.as_ref().map(|r| format!(" on {r}")).unwrap_or_default();
        match &self.kind {
            FaultKind::NoCredentials => "No usable AWS credentials were found.".to_owned(),
            FaultKind::NoSuchProfile(name) => format!("There is no profile “{name}” in your AWS files."),
            FaultKind::MfaNeeded(serial) => format!("This profile asks for a code of the MFA device {serial}."),
            FaultKind::ClearText(endpoint) => format!("{endpoint} is neither https nor on this machine."),
            FaultKind::Expired => "The session's credentials have expired.".to_owned(),
            FaultKind::UnknownKey => "AWS does not know this access key.".to_owned(),
            FaultKind::WrongSecret => "The secret does not belong to this access key.".to_owned(),
            FaultKind::WrongClock => "This machine's clock differs too much from AWS's.".to_owned(),
            FaultKind::Denied => {
                format!("You lack the permission {}{on}.", self.permission.unwrap_or("for this call"))
            }
            FaultKind::NotFound => format!("IAM does not find it: {call}{on}."),
            FaultKind::Exists => format!("It exists already: {call}{on}."),
            FaultKind::Quota => format!("A quota of the account is used up: {call}{on}."),
            FaultKind::Conflict => format!("Something still depends on it: {call}{on}."),
            FaultKind::PasswordPolicy => "The password breaks the account's password policy.".to_owned(),
            FaultKind::Invalid => format!("IAM refuses the input of {call}{on}."),
            FaultKind::Busy => format!("IAM is changing it just now: {call}{on}."),
            FaultKind::Throttled => format!("IAM asks for fewer calls ({call})."),
            FaultKind::NoConnection => match &self.endpoint {
                Some(endpoint) => format!("No connection to {endpoint}: {call}."),
                None => format!("No connection to AWS ({call})."),
            },
            FaultKind::Timeout => format!("No answer in time{} ({call}{on}).", self.of_endpoint()),
            FaultKind::NotAws => format!("The answer to {call}{} is not one of AWS's.", self.of_endpoint()),
            FaultKind::Torn => format!("The answer to {call}{on} was cut off."),
            FaultKind::ServerError => format!("AWS failed inside ({call}{on})."),
            FaultKind::Local => self.said.clone().unwrap_or_else(|| "Something failed on this machine.".to_owned()),
            FaultKind::Other(code) => format!("{call}{on} failed: {code}."),
        }
    }

    fn of_endpoint(&self) -> String {
        self.endpoint.as_ref().map(|endpoint| format!(" from {endpoint}")).unwrap_or_default()
    }

    /// The same for a person whom nobody asks questions.
    pub fn batch_words(&self) -> String {
        match self.kind {
            FaultKind::MfaNeeded(_) => format!(
                "{} Only the full screen asks for it: start iamwalk without --yes, or use a profile that has a session of its own \
                 (“aws sts get-session-token”).",
                self.what()
            ),
            FaultKind::ClearText(_) => format!("{} Nothing was sent. Use an https address.", self.what()),
            _ => self.to_string(),
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match &self.kind {
            FaultKind::NoCredentials => {
                "Sign in first: “aws login”, an SSO profile (“aws sso login”), or run iamwalk in AWS CloudShell. Or try it with --practice."
            }
            FaultKind::NoSuchProfile(_) => "Choose one of the profiles below, or check the spelling after --profile.",
            FaultKind::MfaNeeded(_) => "Press Enter, and type the six digits that the device shows.",
            FaultKind::ClearText(_) => "Use an https address.",
            FaultKind::Expired => "Sign in again (“aws login”, “aws sso login”), or take other keys; then go on.",
            FaultKind::UnknownKey => {
                "The key may be deleted, inactive, of another partition, or some seconds too new. Choose another profile, or press F5."
            }
            FaultKind::WrongSecret => "Check that id and secret are of the same key, and that nothing was lost when copying.",
            FaultKind::WrongClock => "Set the clock (switch on automatic time), then try again (F5, or Retry).",
            FaultKind::Denied => "Ask an administrator for this permission, or choose a profile that has it.",
            FaultKind::NotFound => "It may have been deleted since, or IAM needs a moment. Try again.",
            FaultKind::Exists => "Choose another name, or remove what is there if it is yours.",
            FaultKind::Quota => "Remove something that is no longer needed, or ask AWS for a higher quota.",
            FaultKind::Conflict => "Remove what depends on it, then try again.",
            FaultKind::PasswordPolicy => "Go back to Access and choose another password, or let one be generated.",
            FaultKind::Invalid => "Go back to the page of that value and change it.",
            FaultKind::Busy | FaultKind::Throttled | FaultKind::ServerError => "Wait a moment, then try again.",
            FaultKind::NoConnection => "Check the network, the proxy and the endpoint's address, then try again (F5, or Retry).",
            FaultKind::Timeout => "Check the network and the endpoint's address, then try again.",
            FaultKind::NotAws => "Check the endpoint's address; a proxy or a sign-in page of the network may stand in between.",
            FaultKind::Torn => "Try again: iamwalk looks first what the lost call did.",
            FaultKind::Local => "",
            FaultKind::Other(_) => "Read what AWS said, then try again.",
        }
    }
}

impl fmt::Display for Fault {
    /// What happened, what to do, and last what the other side said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what())?;
        if self.kind == FaultKind::Local {
            return Ok(());
        }
        write!(f, " {}", self.remedy())?;
        let who = match self.kind {
            FaultKind::NoConnection => "The system",
            FaultKind::NoCredentials | FaultKind::Expired if self.permission.is_none() => "The SDK",
            _ => "AWS",
        };
        match &self.said {
            Some(said) => write!(f, " {who} says: {}.", said.trim_end_matches('.')),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_permission_thing_and_remedy() {
        let fault = Fault {
            permission: Some("iam:CreateUser"),
            resource: Some("arn:aws:iam::123456789012:user/bob".to_owned()),
            ..Fault::of(FaultKind::Denied)
        }
        .saying("no identity-based policy allows the iam:CreateUser action");
        assert_eq!(
            fault.to_string(),
            "You lack the permission iam:CreateUser on arn:aws:iam::123456789012:user/bob. Ask an administrator for this \
             permission, or choose a profile that has it. AWS says: no identity-based policy allows the iam:CreateUser action."
        );
    }
}
