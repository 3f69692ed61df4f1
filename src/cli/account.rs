//! Whose account the calls go to, as the command line says it.

use clap::Args;

/// Who makes the calls, and where they go.
#[derive(Clone, Debug, Default, Args)]
pub struct AccountOptions {
    /// Practise on an account in memory: needs no AWS account, and nothing leaves this machine
    #[arg(long, conflicts_with_all = ["profile", "endpoint_url"])]
    pub practice: bool,

    /// Make the calls with this profile of your AWS files, whatever keys are in the environment
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,

    /// The region of the calls, and the default of the saved profile [default: as the SDKs find it, else us-east-1]
    #[arg(long, value_name = "REGION", value_parser = region, global = true)]
    pub region: Option<String>,

    /// Send the calls to IAM and STS to this address instead of AWS's
    #[arg(long, value_name = "URL", value_parser = endpoint, global = true)]
    pub endpoint_url: Option<String>,
}

fn region(text: &str) -> Result<String, String> {
    iamwalk::domain::region::check(text, true).map(|()| text.to_owned())
}

fn endpoint(text: &str) -> Result<String, String> {
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
