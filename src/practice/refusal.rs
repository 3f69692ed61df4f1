//! How IAM says no: its code, HTTP status and words (`reference`: the IAM API model and AWS's own messages).

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// IAM's code, as it stands on the wire.
    pub code: &'static str,
    pub status: u16,
    /// IAM's words.
    pub message: String,
}

fn refusal(code: &'static str, status: u16, message: impl Into<String>) -> ApiError {
    ApiError { code, status, message: message.into() }
}

pub(super) fn no_such(what: &str, name: &str) -> ApiError {
    refusal("NoSuchEntity", 404, format!("The {what} {name} cannot be found."))
}

pub(super) fn exists(what: &str, name: &str) -> ApiError {
    refusal("EntityAlreadyExists", 409, format!("{what} {name} already exists."))
}

pub(super) fn quota(what: &str, limit: usize) -> ApiError {
    refusal("LimitExceeded", 409, format!("Cannot exceed quota for {what}: {limit}"))
}

pub(super) fn conflict(first: &str) -> ApiError {
    refusal("DeleteConflict", 409, format!("Cannot delete entity, must {first} first."))
}

pub(super) fn invalid_input(message: impl Into<String>) -> ApiError {
    refusal("InvalidInput", 400, message)
}

pub(super) fn validation(message: impl Into<String>) -> ApiError {
    refusal("ValidationError", 400, message)
}

pub(super) fn malformed(message: impl Into<String>) -> ApiError {
    refusal("MalformedPolicyDocument", 400, message)
}

pub(super) fn password_policy(message: impl Into<String>) -> ApiError {
    refusal("PasswordPolicyViolation", 400, message)
}

pub(super) fn not_attachable(arn: &str) -> ApiError {
    refusal("PolicyNotAttachable", 400, format!("Cannot attach a Service Role Policy to this entity: {arn}"))
}

pub(super) fn unknown_token() -> ApiError {
    refusal("InvalidClientTokenId", 403, "The security token included in the request is invalid.")
}

pub(super) fn no_report() -> ApiError {
    refusal("ReportNotPresent", 410, "No credential report has been generated. Use GenerateCredentialReport to make one.")
}

pub(super) fn unknown_action(action: &str) -> ApiError {
    refusal("InvalidAction", 400, format!("Could not find operation {action} for version 2010-05-08"))
}
