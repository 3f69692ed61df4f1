//! How IAM says no: its code, HTTP status and words (`reference`: the IAM API model and AWS's own messages).

/// An error answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// IAM's code, as it stands on the wire.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// IAM's words.
    pub message: String,
}

fn refusal(code: &'static str, status: u16, message: impl Into<String>) -> Refusal {
    Refusal { code, status, message: message.into() }
}

pub(super) fn no_such(what: &str, name: &str) -> Refusal {
    refusal("NoSuchEntity", 404, format!("The {what} {name} cannot be found."))
}

pub(super) fn exists(what: &str, name: &str) -> Refusal {
    refusal("EntityAlreadyExists", 409, format!("{what} {name} already exists."))
}

pub(super) fn quota(what: &str, limit: usize) -> Refusal {
    refusal("LimitExceeded", 409, format!("Cannot exceed quota for {what}: {limit}"))
}

pub(super) fn conflict(first: &str) -> Refusal {
    refusal("DeleteConflict", 409, format!("Cannot delete entity, must {first} first."))
}

pub(super) fn invalid_input(message: impl Into<String>) -> Refusal {
    refusal("InvalidInput", 400, message)
}

pub(super) fn validation(message: impl Into<String>) -> Refusal {
    refusal("ValidationError", 400, message)
}

pub(super) fn malformed(message: impl Into<String>) -> Refusal {
    refusal("MalformedPolicyDocument", 400, message)
}

pub(super) fn password_policy(message: impl Into<String>) -> Refusal {
    refusal("PasswordPolicyViolation", 400, message)
}

pub(super) fn not_attachable(arn: &str) -> Refusal {
    refusal("PolicyNotAttachable", 400, format!("Cannot attach a Service Role Policy to this entity: {arn}"))
}

pub(super) fn unknown_token() -> Refusal {
    refusal("InvalidClientTokenId", 403, "The security token included in the request is invalid.")
}

pub(super) fn unknown_action(action: &str) -> Refusal {
    refusal("InvalidAction", 400, format!("Could not find operation {action} for version 2010-05-08"))
}
