//! Taking questions and answers in: nothing is asked twice, and each answer settles its own question.

use super::{Fact, Facts, Found, LookupResult, Question};
use crate::domain::catalogue::ManagedPolicy;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::policy::laid_out;

impl Question {
    /// What the answer is kept under: a document is the same, in whichever version it was asked for.
    pub(super) fn key(&self) -> Self {
        match self {
            Self::Document { arn, .. } => Self::Document { arn: arn.clone(), version: String::new() },
            other => other.clone(),
        }
    }

    /// Whether its answer comes page by page.
    pub fn has_pages(&self) -> bool {
        matches!(self, Self::Users | Self::UserDetails | Self::Groups | Self::Policies)
    }

    /// Whether this can be an answer.
    fn is_answered_by(&self, result: &LookupResult) -> bool {
        matches!(
            (self, result),
            (Self::Profiles, LookupResult::Profiles(_))
                | (Self::Alias, LookupResult::Alias(_))
                | (Self::PasswordPolicy, LookupResult::PasswordPolicy(_))
                | (Self::Quotas, LookupResult::Quotas(_))
                | (Self::Users, LookupResult::Users(_) | LookupResult::End)
                | (Self::CredentialReport, LookupResult::CredentialReport(_))
                | (Self::UserDetails, LookupResult::UserDetails(_) | LookupResult::End)
                | (Self::CredentialsOf(_), LookupResult::CredentialsOf(_))
                | (Self::OtherCredentials(_), LookupResult::OtherCredentials(_))
                | (Self::HeldKeys, LookupResult::HeldKeys(_))
                | (Self::Key(_), LookupResult::Key(_))
                | (Self::Groups, LookupResult::Groups(_) | LookupResult::End)
                | (Self::Policies, LookupResult::Policies(_) | LookupResult::End)
                | (Self::User(_) | Self::Group(_), LookupResult::Existence(_))
                | (Self::Holder(_), LookupResult::Holder(_))
                | (Self::GroupPolicies(_), LookupResult::GroupPolicies(_))
                | (Self::Policy(_), LookupResult::Policy(_))
                | (Self::PermissionsOf(_), LookupResult::PermissionsOf(_))
                | (Self::File(_), LookupResult::File(_))
                | (Self::Rights(_), LookupResult::Verdicts(_))
                | (Self::Document { .. }, LookupResult::Document(_))
        )
    }
}

impl Found {
    const fn nothing() -> Self {
        Self { result: None, end: Fact::Pending }
    }

    fn take(&mut self, result: LookupResult) {
        match (result, &mut self.result) {
            (LookupResult::End, _) => self.end = Fact::Known(()),
            (LookupResult::Users(page), Some(LookupResult::Users(all))) => all.extend(page),
            (LookupResult::UserDetails(page), Some(LookupResult::UserDetails(all))) => all.extend(page),
            (LookupResult::Groups(page), Some(LookupResult::Groups(all))) => all.extend(page),
            (LookupResult::Policies(page), Some(LookupResult::Policies(all))) => {
                all.extend(page.into_iter().filter(ManagedPolicy::is_attachable));
            }
            (first @ (LookupResult::Users(_) | LookupResult::UserDetails(_) | LookupResult::Groups(_)), slot) => {
                *slot = Some(first);
            }
            (LookupResult::Policies(page), slot) => {
                *slot = Some(LookupResult::Policies(page.into_iter().filter(ManagedPolicy::is_attachable).collect()));
            }
            (LookupResult::Document(text), slot) => {
                *slot = Some(LookupResult::Document(laid_out(&text)));
                self.end = Fact::Known(());
            }
            (result, slot) => {
                *slot = Some(result);
                self.end = Fact::Known(());
            }
        }
    }
}

impl Facts {
    /// Notes that a question is on its way. `false` when it was asked before: nothing is asked twice, but the person's own
    /// files, which somebody may have changed.
    pub fn ask(&mut self, question: &Question) -> bool {
        if *question == Question::Profiles {
            return true;
        }
        let key = question.key();
        let is_new = !self.found.contains_key(&key);
        self.found.entry(key).or_insert(Found::nothing());
        is_new
    }

    /// Takes an answer in. One that can't be an answer to its question teaches nothing.
    pub fn learn(&mut self, question: Question, answer: Result<LookupResult, Fault>) {
        if answer.as_ref().is_ok_and(|result| !question.is_answered_by(result)) {
            return;
        }
        self.changes += 1;
        let found = self.found.entry(question.key()).or_insert(Found::nothing());
        match answer {
            Ok(result) => found.take(result),
            // The profiles that were seen before are there anyway.
            Err(_) if question == Question::Profiles => {}
            Err(fault) if fault.kind == FaultKind::Denied => found.end = Fact::Denied(fault),
            Err(fault) => found.end = Fact::Failed(fault),
        }
    }

    /// Forgets what this question brought, so that it can be asked again.
    pub fn forget(&mut self, question: &Question) {
        self.changes += 1;
        self.found.remove(&question.key());
    }

    /// Forgets what the simulation said: a permission may have been granted meanwhile.
    pub fn forget_rights(&mut self) {
        self.found.retain(|question, _| !matches!(question, Question::Rights(_)));
    }

    /// Somebody else calls, who is not known yet: only the person's own profiles are as they were.
    pub fn of_another_caller(&mut self) {
        self.changes += 1;
        self.caller = Some(Fact::Pending);
        self.found.retain(|question, _| *question == Question::Profiles);
    }

    /// A run has changed the account: only the caller and the person's own profiles are as they were.
    pub fn of_changed_account(&mut self) {
        self.changes += 1;
        self.found.retain(|question, _| *question == Question::Profiles);
    }

    /// Whether a question is on its way, or the caller.
    pub fn is_pending(&self) -> bool {
        self.caller.as_ref().is_some_and(Fact::is_pending) || self.waits_for(|_| true)
    }

    /// How often something was learned or forgotten: what was worked out from the facts stays right until that changes.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many of these questions are on their way.
    pub fn pending(&self, which: impl Fn(&Question) -> bool) -> usize {
        self.found.iter().filter(|(question, found)| found.end.is_pending() && which(question)).count()
    }

    /// Whether one of these questions is on its way.
    pub fn waits_for(&self, which: impl Fn(&Question) -> bool) -> bool {
        self.found.iter().any(|(question, found)| found.end.is_pending() && which(question))
    }

    /// Whether there is no answer to a question yet.
    pub fn is_open(&self, question: &Question) -> bool {
        self.end(question).is_none_or(Fact::is_pending)
    }

    /// A managed policy by its name, as far as the list has arrived.
    pub fn policy_named(&self, name: &str) -> Option<&ManagedPolicy> {
        self.policies().iter().find(|policy| policy.name == name)
    }
}
