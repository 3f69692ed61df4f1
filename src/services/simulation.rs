//! Asks IAM's simulation whether the caller has the rights that a plan needs: one call a thing, `SimulatePrincipalPolicy`.
//!
//! The simulation knows neither session policies nor conditions whose values it is not told: what it can't know is unknown,
//! not refused (IAM API, `SimulatePrincipalPolicy`).

use std::collections::BTreeMap;

use aws_sdk_iam::types::{EvaluationResult, PolicyEvaluationDecisionType as Decision};

use super::failure::Call;
use super::gateway::Gateway;
use crate::domain::arn::Arn;
use crate::domain::caller::CallerKind;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::right::Right;
use crate::domain::right::Verdict;

impl Gateway {
    /// What the simulation says of each of these rights, in their order.
    pub(super) async fn verdicts(&self, rights: &[Right]) -> Result<Vec<Verdict>, Fault> {
        // Nothing limits root but the organisation, which the simulation does not know; and it takes no root as its source.
        if self.caller.kind == CallerKind::Root {
            return Ok(vec![Verdict::Allowed; rights.len()]);
        }
        let source = self.policy_source().await?;
        let mut by_resource: BTreeMap<&str, Vec<&'static str>> = BTreeMap::new();
        for right in rights {
            by_resource.entry(&right.resource).or_default().push(right.permission);
        }
        let mut said = BTreeMap::new();
        for (resource, permissions) in by_resource {
            let request = self.iam.simulate_principal_policy().policy_source_arn(&source).resource_arns(resource);
            let actions = permissions.iter().map(|permission| (*permission).to_owned()).collect();
            let mut pages = request.set_action_names(Some(actions)).into_paginator().send();
            while let Some(page) = pages.next().await {
                let call = Call::read("iam:SimulatePrincipalPolicy").on(&source);
                for result in page.map_err(|error| call.failed(error))?.evaluation_results() {
                    said.insert((resource, result.eval_action_name().to_owned()), verdict(result));
                }
            }
        }
        let of = |right: &Right| said.get(&(right.resource.as_str(), right.permission.to_owned())).cloned();
        Ok(rights.iter().map(|right| of(right).unwrap_or(Verdict::Unknown)).collect())
    }

    /// Whose policies are simulated: for the session of an assumed role the role itself, whose path only IAM knows.
    async fn policy_source(&self) -> Result<String, Fault> {
        let (caller, arn) = (&self.caller, &self.caller.arn);
        match caller.kind {
            CallerKind::User => Ok(arn.clone()),
            CallerKind::Role => {
                let resource = Arn::read(arn).map(|arn| arn.resource).unwrap_or_default();
                let name = resource.split('/').nth(1).unwrap_or_default().to_owned();
                let answer = self.iam.get_role().role_name(&name).send().await;
                let role = answer.ok().and_then(|answer| answer.role().map(|role| role.arn().to_owned()));
                Ok(role.unwrap_or_else(|| caller.partition.iam(&caller.account, &format!("role/{name}"))))
            }
            _ => Err(Call::read("iam:SimulatePrincipalPolicy").on(arn).fault(FaultKind::Invalid, false)),
        }
    }
}

fn verdict(result: &EvaluationResult) -> Verdict {
    let stopped_by_organisation = result.organizations_decision_detail().is_some_and(|detail| !detail.allowed_by_organizations());
    let stopped_by_boundary =
        result.permissions_boundary_decision_detail().is_some_and(|detail| !detail.allowed_by_permissions_boundary());
    match result.eval_decision() {
        Decision::Allowed => Verdict::Allowed,
        Decision::ImplicitDeny | Decision::ExplicitDeny if !result.missing_context_values().is_empty() => Verdict::Unknown,
        Decision::ExplicitDeny => Verdict::Refused("an explicit deny"),
        Decision::ImplicitDeny if stopped_by_organisation => Verdict::Refused("the organisation does not allow it"),
        Decision::ImplicitDeny if stopped_by_boundary => Verdict::Refused("your permissions boundary does not allow it"),
        Decision::ImplicitDeny => Verdict::Refused("no policy allows it"),
        _ => Verdict::Unknown,
    }
}
