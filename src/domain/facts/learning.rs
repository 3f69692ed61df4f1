//! Taking questions and answers in: nothing is asked twice, and each answer settles its own question.

use std::collections::BTreeMap;

use super::{Fact, Facts, Finding, Listing, Question, Quotas};
use crate::domain::caller::Caller;
use crate::domain::catalogue::ManagedPolicy;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::policy::laid_out;

fn sort<T>(fault: Fault) -> Fact<T> {
    if fault.kind == FaultKind::Denied { Fact::Denied(fault) } else { Fact::Failed(fault) }
}

fn settle<T>(answer: Result<T, Fault>) -> Fact<T> {
    answer.map_or_else(sort, Fact::Known)
}

impl Facts {
    /// The caller, where known.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref().and_then(Fact::known)
    }

    /// The quotas, AWS's defaults until the account's are known.
    pub fn quotas(&self) -> Quotas {
        self.quotas.as_ref().and_then(Fact::known).copied().unwrap_or_default()
    }

    /// Notes that a question is on its way. `false` when it was asked before: nothing is asked twice.
    pub fn ask(&mut self, question: &Question) -> bool {
        fn first<T>(slot: &mut Option<Fact<T>>) -> bool {
            let first = slot.is_none();
            slot.get_or_insert(Fact::Pending);
            first
        }
        fn first_list<T>(slot: &mut Option<Listing<T>>) -> bool {
            let first = slot.is_none();
            slot.get_or_insert_with(Listing::default);
            first
        }
        fn first_in<K: Ord + Clone, T>(map: &mut BTreeMap<K, Fact<T>>, key: &K) -> bool {
            let first = !map.contains_key(key);
            map.entry(key.clone()).or_insert(Fact::Pending);
            first
        }
        match question {
            Question::Profiles => true,
            Question::Alias => first(&mut self.alias),
            Question::PasswordPolicy => first(&mut self.password_policy),
            Question::Quotas => first(&mut self.quotas),
            Question::Users => first_list(&mut self.users),
            Question::Groups => first_list(&mut self.groups),
            Question::Policies => first_list(&mut self.policies),
            Question::User(name) => first_in(&mut self.user, name),
            Question::Holder(name) => first_in(&mut self.holder, name),
            Question::Group(name) => first_in(&mut self.group, name),
            Question::GroupPolicies(name) => first_in(&mut self.group_policies, name),
            Question::Policy(arn) => first_in(&mut self.policy, arn),
            Question::PermissionsOf(user) => first_in(&mut self.permissions_of, user),
            Question::File(path) => first_in(&mut self.files, path),
            Question::Document { arn, .. } => first_in(&mut self.documents, arn),
            Question::Rights(rights) => first_in(&mut self.rights, rights),
        }
    }

    /// Takes an answer in.
    pub fn learn(&mut self, question: Question, answer: Result<Finding, Fault>) {
        match (question, answer) {
            (Question::Profiles, Ok(Finding::Profiles(found))) => self.profiles = found,
            (Question::Alias, answer) => {
                self.alias = Some(settle(answer.map(|f| if let Finding::Alias(alias) = f { alias } else { None })));
            }
            (Question::PasswordPolicy, Ok(Finding::PasswordPolicy(policy))) => self.password_policy = Some(Fact::Known(policy)),
            (Question::PasswordPolicy, Err(fault)) => self.password_policy = Some(sort(fault)),
            (Question::Quotas, Ok(Finding::Quotas(quotas))) => self.quotas = Some(Fact::Known(quotas)),
            (Question::Quotas, Err(fault)) => self.quotas = Some(sort(fault)),
            (Question::Users, answer) => {
                let list = self.users.get_or_insert_default();
                match answer {
                    Ok(Finding::Users(page)) => list.items.extend(page),
                    other => list.end = settle(other.map(|_| ())),
                }
            }
            (Question::Groups, answer) => {
                let list = self.groups.get_or_insert_default();
                match answer {
                    Ok(Finding::Groups(page)) => list.items.extend(page),
                    other => list.end = settle(other.map(|_| ())),
                }
            }
            (Question::Policies, answer) => {
                let list = self.policies.get_or_insert_default();
                match answer {
                    Ok(Finding::Policies(page)) => {
                        list.items.extend(page.into_iter().filter(ManagedPolicy::is_attachable));
                    }
                    other => list.end = settle(other.map(|_| ())),
                }
            }
            (Question::User(name), Ok(Finding::Existence(found))) => {
                self.user.insert(name, Fact::Known(found));
            }
            (Question::User(name), Err(fault)) => {
                self.user.insert(name, sort(fault));
            }
            (Question::Holder(name), Ok(Finding::Holder(found))) => {
                self.holder.insert(name, Fact::Known(found));
            }
            (Question::Holder(name), Err(fault)) => {
                self.holder.insert(name, sort(fault));
            }
            (Question::Group(name), Ok(Finding::Existence(found))) => {
                self.group.insert(name, Fact::Known(found));
            }
            (Question::Group(name), Err(fault)) => {
                self.group.insert(name, sort(fault));
            }
            (Question::GroupPolicies(name), Ok(Finding::GroupPolicies(found))) => {
                self.group_policies.insert(name, Fact::Known(found));
            }
            (Question::GroupPolicies(name), Err(fault)) => {
                self.group_policies.insert(name, sort(fault));
            }
            (Question::Policy(arn), Ok(Finding::Policy(sight))) => {
                self.policy.insert(arn, Fact::Known(sight));
            }
            (Question::Policy(arn), Err(fault)) => {
                self.policy.insert(arn, sort(fault));
            }
            (Question::PermissionsOf(user), Ok(Finding::PermissionsOf(found))) => {
                self.permissions_of.insert(user, Fact::Known(*found));
            }
            (Question::PermissionsOf(user), Err(fault)) => {
                self.permissions_of.insert(user, sort(fault));
            }
            (Question::File(path), Ok(Finding::File(text))) => {
                self.files.insert(path, Fact::Known(text));
            }
            (Question::File(path), Err(fault)) => {
                self.files.insert(path, sort(fault));
            }
            (Question::Document { arn, .. }, Ok(Finding::Document(text))) => {
                self.documents.insert(arn, Fact::Known(laid_out(&text)));
            }
            (Question::Document { arn, .. }, Err(fault)) => {
                self.documents.insert(arn, sort(fault));
            }
            (Question::Rights(rights), Ok(Finding::Verdicts(verdicts))) => {
                self.rights.insert(rights, Fact::Known(verdicts));
            }
            (Question::Rights(rights), Err(fault)) => {
                self.rights.insert(rights, sort(fault));
            }
            // An answer that is not one to its question can't be made by the gateway; it teaches nothing.
            _ => {}
        }
    }

    /// Forgets what this question brought, so that it can be asked again.
    pub fn forget(&mut self, question: &Question) {
        match question {
            Question::Profiles => self.profiles.clear(),
            Question::Alias => self.alias = None,
            Question::PasswordPolicy => self.password_policy = None,
            Question::Quotas => self.quotas = None,
            Question::Users => self.users = None,
            Question::Groups => self.groups = None,
            Question::Policies => self.policies = None,
            Question::User(name) => drop(self.user.remove(name)),
            Question::Holder(name) => drop(self.holder.remove(name)),
            Question::Group(name) => drop(self.group.remove(name)),
            Question::GroupPolicies(name) => drop(self.group_policies.remove(name)),
            Question::Policy(arn) => drop(self.policy.remove(arn)),
            Question::PermissionsOf(user) => drop(self.permissions_of.remove(user)),
            Question::File(path) => drop(self.files.remove(path)),
            Question::Document { arn, .. } => drop(self.documents.remove(arn)),
            Question::Rights(rights) => drop(self.rights.remove(rights)),
        }
    }

    /// Whether a question is on its way.
    pub fn is_pending(&self) -> bool {
        fn any<K, T>(map: &BTreeMap<K, Fact<T>>) -> bool {
            map.values().any(Fact::is_pending)
        }
        fn one<T>(fact: Option<&Fact<T>>) -> bool {
            fact.is_some_and(Fact::is_pending)
        }
        fn list<T>(listing: Option<&Listing<T>>) -> bool {
            listing.is_some_and(|listing| listing.end.is_pending())
        }
        one(self.caller.as_ref())
            || one(self.alias.as_ref())
            || one(self.password_policy.as_ref())
            || one(self.quotas.as_ref())
            || list(self.users.as_ref())
            || list(self.groups.as_ref())
            || list(self.policies.as_ref())
            || any(&self.user)
            || any(&self.holder)
            || any(&self.group)
            || any(&self.group_policies)
            || any(&self.policy)
            || any(&self.permissions_of)
            || any(&self.files)
            || any(&self.documents)
            || any(&self.rights)
    }

    /// A managed policy by its name, as far as the list has arrived.
    pub fn policy_named(&self, name: &str) -> Option<&ManagedPolicy> {
        self.policies.as_ref()?.items.iter().find(|policy| policy.name == name)
    }
}
