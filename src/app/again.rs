//! The same as one command: what the pages came to, as it is said without questions.

use std::sync::Arc;

use super::Context;
use super::asking::Asking;
use super::field::{Control, FieldId};
use crate::domain::access::UseCase;
use crate::domain::operation::quoted;
use crate::domain::page::PageId;
use crate::domain::plan::Plan;
use crate::domain::record::TaskId;

/// The command that plans the same calls; `None` where more was chosen than one says. It names no profile to save the key as.
pub(super) fn as_one_command(asking: &Asking, plan: &Plan, context: &Context) -> Option<String> {
    let access = asking.answers().access();
    let has_own_password = access.and_then(|access| access.console.as_ref()).is_some_and(|wish| wish.own_password.is_some());
    if has_own_password {
        return None;
    }
    let user = plan.user()?.to_string();
    let case = access.and_then(|access| Some(access.key.as_ref()?.use_case));
    let mut same = Asking::new(asking.task(), Arc::clone(&asking.start.walkthrough), Some(&user));
    same.meet(context);
    let is_chosen = |field: &super::field::Field| matches!(field.control, Control::Choice { chosen: Some(_), .. });
    let names_case = same.form_of(PageId::Access).field(FieldId::USE_CASE).is_some_and(is_chosen);
    for page in asking.task().pages {
        same.turn_to(page.id);
        same.refresh(context);
        let form = same.form_of(page.id);
        if let (Some(field), Some(case)) = (form.field_mut(FieldId::USE_CASE), case)
            && let Control::Choice { chosen: chosen @ None, .. } = &mut field.control
        {
            *chosen = UseCase::ALL.iter().position(|one| *one == case);
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
    Some(match asking.task().id {
        TaskId::AddKey => format!("iamwalk add-key {user} --yes"),
        TaskId::CreateUser => {
            let case = case.filter(|_| !names_case).map(|case| format!(" --set access.use-case={}", case.word()));
            format!("iamwalk {} --yes --user={user}{}", quoted(&asking.walkthrough().name), case.unwrap_or_default())
        }
    })
}
