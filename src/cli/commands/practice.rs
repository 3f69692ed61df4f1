//! `iamwalk practice serve`: the practice account by itself.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use clap::{Args, Subcommand};
use iamwalk::practice::{CALLER_KEY, Practice as AccountOptions};
use iamwalk::services::serve::Server;

use crate::cli::compose::{practice_account, runtime};
use crate::cli::inputs;
use crate::cli::tell::{refuse, tell};

/// The practice account by itself.
#[derive(Clone, Debug, Args)]
pub struct Practice {
    /// What to do with it
    #[command(subcommand)]
    how: How,
}

#[derive(Clone, Debug, Subcommand)]
enum How {
    /// Offer it to the AWS CLI and other programs of this machine, until Ctrl-C
    Serve {
        /// The port of 127.0.0.1 [default: a free one]
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
        port: u16,
    },
}

impl Practice {
    /// Offers it.
    pub fn run(&self) -> u8 {
        let How::Serve { port } = &self.how;
        serve(*port)
    }
}

fn serve(port: u16) -> u8 {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return refuse(format!("The program could not start: {error}.")),
    };
    runtime.block_on(async {
        let mut signals = inputs::signals();
        let server = match Server::bind(port).await {
            Ok(server) => server,
            Err(error) => return refuse(format!("127.0.0.1:{port} can't be listened on: {error}. Choose another --port.")),
        };
        tell(&format!("The practice account listens on http://{}, for this machine only, until Ctrl-C.", server.address));
        tell("It starts afresh each time, and accepts any secret. In another terminal:");
        tell("");
        tell(&format!("  export AWS_ENDPOINT_URL=http://{} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1", server.address));
        tell(&format!("  export AWS_ACCESS_KEY_ID={CALLER_KEY} AWS_SECRET_ACCESS_KEY=practice"));
        tell("  aws iam list-users");
        let connector = SharedHttpConnector::new(AccountOptions::new(practice_account, Duration::ZERO));
        server.run(connector, async move { drop(signals.heard.recv().await) }).await;
        0
    })
}
