//! STS: whose credentials these are.

use aws_config::SdkConfig;

use super::configured::Configured;
use super::failure::Call;
use super::guard::Guard;
use crate::domain::caller::Caller;
use crate::domain::fault::{Fault, FaultKind};

pub(super) fn sts_client(config: &SdkConfig, configured: &Configured, guard: &Guard) -> aws_sdk_sts::Client {
    let sts = aws_sdk_sts::config::Builder::from(config).interceptor(guard.clone());
    let sts = match &configured.endpoints.sts {
        Some(endpoint) => sts.endpoint_url(&endpoint.url),
        None => sts,
    };
    aws_sdk_sts::Client::from_conf(sts.build())
}

/// `sts:GetCallerIdentity`, which every identity may call.
pub(super) async fn caller(sts: &aws_sdk_sts::Client) -> Result<Caller, Fault> {
    let call = Call::read("sts:GetCallerIdentity");
    let answer = sts.get_caller_identity().send().await.map_err(|error| call.clone().failed(error))?;
    Caller::new(answer.account().unwrap_or_default(), answer.arn().unwrap_or_default())
        .ok_or_else(|| call.fault(FaultKind::NotAws, false))
}
