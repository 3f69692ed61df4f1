//! The command line.

use clap::{Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  iamwalk --practice                      try everything; needs no account, sends nothing
  iamwalk                                 with the credentials that the AWS SDKs find
  iamwalk koding --practice               with a walkthrough (“iamwalk list” has them)
  iamwalk --profile admin --user bob      with a profile of yours, for a user bob
  iamwalk koding --yes --user u1 --save-profile work     without questions
  iamwalk koding --user u1 --dry-run=aws-cli             the same as a script; only reads
  iamwalk --endpoint-url http://127.0.0.1:5000   against a server of your own
  iamwalk runs                            what was made so far, and what was not finished
  iamwalk undo 20261122-063601-7f3a       take a run back

Exit codes:
  0 done   1 failed, nothing remains   2 refused before the first call
  3 something remains (it is listed), or the key is not verified
  130 left, nothing was made   129, 143 ended by a signal";

/// Walks you through creating an AWS IAM user, and saves its key as a profile that is proven to work.
#[derive(Clone, Debug, Default, Parser)]
#[command(version, after_help = EXAMPLES)]
pub struct Args {
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

    /// Fill in the name of the new user
    #[arg(long, value_name = "NAME")]
    pub user: Option<String>,

    /// The walkthrough to follow: a name (see “iamwalk list”), or the path of a file
    #[arg(value_name = "WALKTHROUGH")]
    pub walkthrough: Option<String>,

    /// Answer a key of the walkthrough's format: --set hand-over.output=json
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,

    /// Ask nothing: what the walkthrough and the options do not answer is a refusal before the first call
    #[arg(long)]
    pub yes: bool,

    /// Save the key as this profile [default: the walkthrough's, else the user's name; none where --csv or --secret-to-stdout is given]
    #[arg(long, value_name = "NAME")]
    pub save_profile: Option<String>,

    /// Write the key to this csv file, or into this folder; a generated console password goes beside it [with --yes]
    #[arg(long, value_name = "PATH", requires = "yes")]
    pub csv: Option<String>,

    /// Replace a profile that is there [with --yes]
    #[arg(long, requires = "yes")]
    pub replace: bool,

    /// Join an existing group although it gives more than the walkthrough lists [with --yes]
    #[arg(long, requires = "yes")]
    pub accept_existing: bool,

    /// Where something fails, keep what was made instead of taking it back [with --yes]
    #[arg(long, requires = "yes")]
    pub keep_on_failure: bool,

    /// Print the secret with the result; without a profile or --csv it goes nowhere else [with --yes]
    #[arg(long, requires = "yes")]
    pub secret_to_stdout: bool,

    /// The form of the result on standard output [with --yes]
    #[arg(long, value_name = "FORM", value_parser = ["text", "json"], default_value = "text", hide_default_value = true)]
    pub output: String,

    /// Show the calls and make none
    #[arg(
        long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text",
        value_parser = ["text", "json", "aws-cli", "cloudformation", "terraform"]
    )]
    pub dry_run: Option<String>,

    /// Others are watching: never draw a secret, and send none through the terminal; saving works
    #[arg(long)]
    pub presenter: bool,

    /// What else can be done
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be done besides walking through.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// List the walkthroughs
    List,
    /// Show what a walkthrough asks and makes
    Show {
        /// Its name, or the path of its file
        #[arg(value_name = "WALKTHROUGH")]
        of: String,
    },
    /// Check the file of a walkthrough: every fault with its place and what helps
    Check {
        /// The file
        #[arg(value_name = "FILE")]
        file: std::path::PathBuf,
        /// The partition of the accounts that it is for [default: aws]
        #[arg(long, value_name = "PARTITION", value_parser = iamwalk::domain::arn::PARTITIONS)]
        partition: Option<String>,
    },
    /// Write a commented walkthrough to begin with
    New {
        /// The file, which must not be there
        #[arg(value_name = "FILE")]
        file: std::path::PathBuf,
    },
    /// List the runs so far: what they made, and which were not finished
    Runs {
        /// More of one run
        #[command(subcommand)]
        of: Option<RunsCommand>,
    },
    /// Take back what a run made: shows it, and asks for the user's name first
    Undo {
        /// The run, as “iamwalk runs” names it
        #[arg(value_name = "ID")]
        run: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// The practice account by itself
    Practice {
        /// What to do with it
        #[command(subcommand)]
        how: PracticeCommand,
    },
}

/// More of one run.
#[derive(Clone, Debug, Subcommand)]
pub enum RunsCommand {
    /// Show each step of a run, what remains of it, and the commands that remove that
    Show {
        /// The run, as “iamwalk runs” names it
        #[arg(value_name = "ID")]
        run: String,
    },
}

/// The practice account by itself.
#[derive(Clone, Debug, Subcommand)]
pub enum PracticeCommand {
    /// Offer it to the AWS CLI and other programs of this machine, until Ctrl-C
    Serve {
        /// The port of 127.0.0.1 [default: a free one]
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
        port: u16,
    },
}

fn region(text: &str) -> Result<String, String> {
    iamwalk::domain::region::check(text, true).map(|()| text.to_owned())
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| "A setting looks like “user.name=bob”.".to_owned())?;
    Ok((key.trim().to_owned(), value.to_owned()))
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

    #[test]
    fn practice_stands_alone() {
        use clap::CommandFactory;
        Args::command().debug_assert();
        assert!(Args::try_parse_from(["iamwalk", "--practice", "--profile", "x"]).is_err());
        assert!(Args::try_parse_from(["iamwalk", "--practice", "--endpoint-url", "http://127.0.0.1"]).is_err());
    }
}
