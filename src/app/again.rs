//! The same as one command: what the pages came to, as it is said without questions.

use std::sync::Arc;

use super::Context;
use super::asking::Asking;
use super::field::{Control, FieldId};
use crate::domain::access::UseCase;
use crate::domain::caller::Source;
use crate::domain::operation::quoted;
use crate::domain::plan::Plan;
use crate::domain::record::TaskId;
use crate::domain::walkthrough::{BUILT_IN, HandOverProposal, Walkthrough};

/// Whether it is the built-in one but for what the command says besides: the user, the profile and the region.
fn is_same(built_in: &Walkthrough, walkthrough: &Walkthrough) -> bool {
    let hand_over = HandOverProposal {
        profile: walkthrough.hand_over.profile.clone(),
        region: walkthrough.hand_over.region.clone(),
        ..built_in.hand_over.clone()
    };
    let (user, locations) = (walkthrough.user.clone(), walkthrough.locations.clone());
    Walkthrough { user, hand_over, locations, ..built_in.clone() } == *walkthrough
}

/// The command that plans the same calls by the same caller; `None` where more was chosen than one says. It names no profile to
/// save the key as.
pub(super) fn as_one_command(asking: &Asking, plan: &Plan, context: &Context) -> Option<String> {
    let access = asking.answers().access();
    let has_own_password = access.and_then(|access| access.console.as_ref()).is_some_and(|wish| wish.own_password.is_some());
    // A walkthrough from a path, or with settings of the command line, is not what its name alone means.
    let walkthrough = match asking.task().id {
        TaskId::AddKey | TaskId::ConsoleAccess => Arc::new(Walkthrough::plain()),
        // What is gone or stopped by now can't be asked for once more.
        TaskId::RotateKey | TaskId::Revoke | TaskId::RevokeKey => return None,
        TaskId::CreateUser => Arc::clone(&asking.start.walkthrough),
    };
    let is_by_name = BUILT_IN.iter().any(|built_in| is_same(built_in, &walkthrough));
    // A key that was given up is gone: nobody can give it up once more.
    let gives_up = asking.answers().given_up().is_some();
    if has_own_password || gives_up || !is_by_name || matches!(context.sign_in.source, Source::Pasted { .. }) {
        return None;
    }
    let user = plan.user()?.to_string();
    let case = access.and_then(|access| Some(access.key.as_ref()?.use_case));
    let mut same = Asking::new(asking.task(), walkthrough, Some(&user));
    same.meet(context);
    let mut names_case = true;
    for page in asking.task().pages {
        same.turn_to(page.id);
        same.refresh(context);
        if let (Some(field), Some(case)) = (same.form_of(page.id).field_mut(FieldId::USE_CASE), case)
            && let Control::Choice { chosen: chosen @ None, .. } = &mut field.control
        {
            *chosen = UseCase::ALL.iter().position(|one| *one == case);
            names_case = false;
        }
        same.refresh(context);
        same.form_of(page.id).set(FieldId::UNDERSTOOD, true);
        same.accept_page(context).ok()?;
    }
    same.begun_with(asking.walkthrough().name.clone());
    if (asking.task().plan)(same.answers(), &context.facts).as_ref() != Some(plan) {
        return None;
    }
    let user = quoted(&user);
    let command = match asking.task().id {
        TaskId::AddKey => format!("iamwalk add-key {user} --yes"),
        TaskId::ConsoleAccess | TaskId::RotateKey | TaskId::Revoke | TaskId::RevokeKey => return None,
        TaskId::CreateUser => {
            let case = case.filter(|_| !names_case).map(|case| format!(" --set access.use-case={}", case.word()));
            format!("iamwalk {} --yes --user={user}{}", quoted(&asking.walkthrough().name), case.unwrap_or_default())
        }
    };
    let by = match context.is_practice() {
        true => " --practice".to_owned(),
        false => {
            let said = asking.walkthrough().hand_over.region.as_str();
            let region = if said.is_empty() { context.sign_in.region.as_str() } else { said };
            format!("{} --region={}", context.cli_options(), quoted(region))
        }
    };
    Some(command + &by)
}
