//! A bash script of AWS CLI commands. Values stand after `=` and in single quotes, lists and descriptions as JSON: a legal name
//! may begin with `-`, and the CLI would read a description `file://…` from the disk.

use super::{Origin, purpose, user_of};
use crate::domain::operation::{SecretKind, key_file, login_file, quoted};
use crate::domain::plan::Plan;
use crate::domain::sanitise::clean;

pub(super) fn script(plan: &Plan, origin: &Origin) -> String {
    let user = user_of(plan);
    let mut lines = vec![
        "#!/usr/bin/env bash".to_owned(),
        format!("# {} in account {}, as iamwalk planned it. Run it with: bash -eu", purpose(plan), origin.account),
    ];
    lines.extend(
        plan.yielding(SecretKind::Key)
            .map(|_| format!("# The secret access key will lie in {}, which only you can read.", key_file(user))),
    );
    lines.extend(
        plan.yielding(SecretKind::Password)
            .map(|_| format!("# The console password will lie in {}, likewise.", login_file(user))),
    );
    lines.extend(
        [
            "# It stops at the first failure and takes nothing back: what it made until then stays.",
            "set -euC",
            "umask 077",
            "export AWS_PAGER=''",
        ]
        .map(str::to_owned),
    );
    lines.push(format!("iam() {{ aws iam \"$@\" --region={}{}; }}", quoted(&origin.region), origin.options));
    for step in plan.steps() {
        lines.push(String::new());
        lines.push(format!("# {}", clean(&step.words())));
        // What is for later is there to be copied.
        let later = if step.later { "# " } else { "" };
        lines.extend(step.operation.cli(&origin.policy).iter().map(|line| format!("{later}{}", line.line())));
    }
    lines.join("\n") + "\n"
}
