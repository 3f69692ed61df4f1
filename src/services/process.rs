//! `credential_process`: a program that prints credentials (AWS SDKs and Tools Reference ResolvedWalkthrough, "Process credential provider").
//!
//! It may ask the person something: it gets the terminal. It may hang: it gets a limit.

use std::process::Stdio;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::failure::{Refused, short};
use super::key::{WORDS, key};
use super::terminal_loan::Lender;
use crate::domain::fault::Fault;
use crate::domain::profile_file::words;

/// How much of what a program says is kept for the person.
const SAID_LIMIT: usize = 2000;

/// The program of a profile.
#[derive(Clone, Debug)]
pub(super) struct Process {
    pub(super) profile: String,
    pub(super) command: String,
    pub(super) lender: Lender,
    pub(super) limit: Duration,
}

/// What it prints. Where the secrets end: in the SDK's credentials.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    version: u32,
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Option<Zeroizing<String>>,
    expiration: Option<String>,
}

impl ProvideCredentials for Process {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.credentials().await.map_err(|words| {
                let words = format!("The credential_process of the profile “{}” {words}", self.profile);
                CredentialsError::provider_error(Refused(Fault::local(words)))
            })
        })
    }
}

impl Process {
    async fn credentials(&self) -> Result<Credentials, String> {
        let words = format!("The profile “{}” runs its credential_process.", self.profile);
        let borrowed = self.lender.borrow(words).await;
        let ran = tokio::time::timeout(self.limit, self.run()).await;
        drop(borrowed);
        match ran {
            Ok(ran) => ran,
            Err(_) => Err(format!(
                "did not end within {} seconds and was stopped. Try it by itself: aws sts get-caller-identity --profile {}",
                self.limit.as_secs(),
                self.profile
            )),
        }
    }

    async fn run(&self) -> Result<Credentials, String> {
        // No shell reads it: it is split as the AWS CLI splits it (botocore `compat_shell_split`).
        let split = words(&self.command).filter(|words| !words.is_empty());
        let split = split.ok_or_else(|| "can't be read: a quote is not closed, or nothing stands there.".to_owned())?;
        let mut command = Command::new(&split[0]);
        command.args(&split[1..]);
        let child = command.stdin(Stdio::inherit()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn();
        let mut child = child.map_err(|error| format!("can't be run: {error}."))?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let printed = async {
            let mut text = Zeroizing::new(Vec::with_capacity(16 * 1024));
            if let Some(mut out) = out {
                let _ = out.read_to_end(&mut text).await;
            }
            text
        };
        // What it says is reported as it comes: it may be a question.
        let said = async {
            let (mut said, mut chunk) = (Vec::new(), [0; 512]);
            let Some(mut err) = err else { return said };
            while let Ok(length @ 1..) = err.read(&mut chunk).await {
                let mut terminal = tokio::io::stderr();
                let _ = terminal.write_all(&chunk[..length]).await;
                let _ = terminal.flush().await;
                said.extend_from_slice(&chunk[..length.min(SAID_LIMIT.saturating_sub(said.len()))]);
            }
            said
        };
        let (printed, said) = tokio::join!(printed, said);
        let ended = child.wait().await.map_err(|error| format!("can't be waited for: {error}."))?;
        if !ended.success() {
            let said = short(&String::from_utf8_lossy(&said));
            let how = ended.code().map_or_else(|| "was stopped by a signal".to_owned(), |code| format!("failed (exit {code})"));
            return Err(if said.is_empty() { format!("{how} and said nothing.") } else { format!("{how}. It says: {said}") });
        }
        // What it printed may hold a secret, and is not told.
        let no_answer = |why: &str| format!("does not answer as AWS's tools expect: {why}.");
        let answer: Printed =
            serde_json::from_slice(&printed).map_err(|_| no_answer("JSON with Version, AccessKeyId and SecretAccessKey"))?;
        if answer.version != 1 {
            return Err(no_answer("its Version is not 1"));
        }
        let expires = match &answer.expiration {
            Some(text) => {
                let read = DateTime::from_str(text, Format::DateTimeWithOffset).ok().and_then(|at| at.try_into().ok());
                Some(read.ok_or_else(|| no_answer("its Expiration is no date"))?)
            }
            None => None,
        };
        let token = answer.session_token.map(|token| token.to_string());
        let (id, secret) = (answer.access_key_id, answer.secret_access_key.to_string());
        key(WORDS, (id, secret, token), expires).map_err(|(what, why)| no_answer(&format!("{what} {why}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::failure::credentials_fault;

    /// What a person is told of this program.
    async fn told(command: &str) -> String {
        let limit = Duration::from_millis(300);
        let process = Process { profile: "own".to_owned(), command: command.to_owned(), lender: Lender::default(), limit };
        credentials_fault(&process.provide_credentials().await.unwrap_err()).what()
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn one_that_hangs_has_a_limit_and_a_word() {
        let words = told("sleep 600").await;
        assert!(words.contains("profile “own” did not end within") && words.contains("aws sts get-caller-identity"), "{words}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_it_prints_is_never_told() {
        let missing = told("printf '%s' '{\"Version\": 1, \"SecretAccessKey\": \"wJalr\"}'").await;
        let broken = told("printf '%s' '{\"Version\": 1, \"AccessKeyId\": \"AKIA\\n\", \"SecretAccessKey\": \"wJalr\"}'").await;
        let old = told("printf '%s' '{\"Version\": 2, \"AccessKeyId\": \"AKIA\", \"SecretAccessKey\": \"wJalr\"}'").await;
        for words in [&missing, &broken, &old] {
            assert!(words.contains("does not answer as AWS's tools expect") && !words.contains("wJalr"), "{words}");
        }
        assert!(broken.contains("key id holds a line end"), "{broken}");
    }
}
