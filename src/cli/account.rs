//! Whose account the calls go to, as the command line says it.

use clap::Args;
use iamwalk::domain::journal::Run;

/// The account of a task that can be practised.
#[derive(Clone, Debug, Default, Args)]
pub struct AccountOptions {
    /// Practise on an account in memory: needs no AWS account, and nothing leaves this machine
    #[arg(long, conflicts_with_all = ["profile", "endpoint_url"])]
    pub practice: bool,

    #[command(flatten)]
    pub caller: CallerOptions,
}

/// Who makes the calls, and where they go.
#[derive(Clone, Debug, Default, Args)]
pub struct CallerOptions {
    /// Make the calls with this profile of your AWS files, whatever keys are in the environment
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,

    /// The region of the calls, and the default of the saved profile [default: as the SDKs find it, else us-east-1]
    #[arg(long, value_name = "REGION", value_parser = region)]
    pub region: Option<String>,

    /// Send the calls to IAM and STS to this address instead of AWS's
    #[arg(long, value_name = "URL", value_parser = endpoint)]
    pub endpoint_url: Option<String>,
}

impl AccountOptions {
    /// These options of a command, and for what they leave open those that stand before the command.
    ///
    /// # Errors
    /// Together they contradict each other.
    pub fn or(&self, before: &Self) -> Result<Self, String> {
        let practice = self.practice || before.practice;
        let caller = self.caller.or(&before.caller);
        let other = [("--profile", &caller.profile), ("--endpoint-url", &caller.endpoint_url)];
        if let Some((option, _)) = other.iter().find(|(_, value)| practice && value.is_some()) {
            return Err(format!("--practice can't be combined with {option}."));
        }
        Ok(Self { practice, caller })
    }
}

impl CallerOptions {
    /// Those with which a run was made.
    pub fn of(run: &Run) -> Self {
        let own = &run.beginning;
        Self { profile: own.profile.clone(), region: own.region.clone(), endpoint_url: own.endpoint.clone() }
    }

    /// These options, and the others for what they leave open.
    pub fn or(&self, others: &Self) -> Self {
        let first = |one: &Option<String>, other: &Option<String>| one.clone().or_else(|| other.clone());
        Self {
            profile: first(&self.profile, &others.profile),
            region: first(&self.region, &others.region),
            endpoint_url: first(&self.endpoint_url, &others.endpoint_url),
        }
    }
}

fn region(text: &str) -> Result<String, String> {
    iamwalk::domain::region::check(text, true).map(|()| text.to_owned())
}

/// An address that calls can be sent to.
///
/// # Errors
/// What is wrong with it.
pub fn endpoint(text: &str) -> Result<String, String> {
    iamwalk::domain::endpoint::check(text).map(|()| text.to_owned()).map_err(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["http://127.0.0.1:5000", "https://iam.example.com", "http://[::1]:80/x"] {
            assert!(endpoint(good).is_ok(), "{good}");
        }
        for bad in ["127.0.0.1:5000", "ftp://x", "http://", "", "x y"] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }
}
