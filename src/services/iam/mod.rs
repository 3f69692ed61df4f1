//! Operations on IAM: how each is sent, what is read before it, and what is looked at when its answer was lost; one file an IAM
//! noun. What an operation *is* stands in `domain::operation`.
//!
//! Comes in: a call of a run, and the vault. Goes out: what was made, with its ids; a secret goes into the vault.

mod access_key;
mod attachment;
mod group;
mod inline_policy;
mod local;
mod managed_policy;
mod other_credential;
mod ownership;
mod password;
mod tags;
mod user;

use super::failure::Call as Failed;
use super::gateway::Gateway;
use crate::domain::call::{Before, Call, CallAnswer, Lost, Perform, Reconciled};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{Entity, Evidence, Made, Nature, Old, Operation, Owned, each_operation};
use crate::domain::secret::Vault;

pub(super) use access_key::status;
pub(super) use ownership::Ownership;

/// What the gateway knows of an operation. There are no defaults: a forgotten read shows "was so already" and sends nothing, a
/// forgotten look sends a lost create twice.
trait OnIam {
    /// Makes the call, once.
    async fn send(&self, gateway: &Gateway, call: &Perform, vault: &Vault) -> Result<Made, Fault>;
    /// How it is before the call changes a thing that the run did not make.
    async fn read(&self, gateway: &Gateway) -> Result<Before, Fault>;
    /// What is there of the call, whose answer was lost.
    async fn reconcile(&self, gateway: &Gateway, lost: &Lost) -> Result<Reconciled, Fault>;
}

macro_rules! dispatch {
    ($($name:ident),* $(,)?) => {
        impl Gateway {
            async fn send(&self, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
                match &call.operation {
                    $(Operation::$name(operation) => operation.send(self, call, vault).await),*
                }
            }

            /// How it is before an operation changes a thing that the run did not make.
            ///
            /// # Errors
            /// Why that can't be read, or that it is no longer as it was when the plan was made.
            pub async fn read(&self, operation: &Operation) -> Result<Before, Fault> {
                match operation {
                    $(Operation::$name(operation) => operation.read(self).await),*
                }
            }

            async fn reconcile_kind(&self, operation: &Operation, lost: &Lost) -> Result<Reconciled, Fault> {
                match operation {
                    $(Operation::$name(operation) => operation.reconcile(self, lost).await),*
                }
            }
        }
    };
}
each_operation!(dispatch);

impl Gateway {
    /// Makes a call of a run.
    pub async fn call(&self, call: &Call, vault: &Vault) -> CallAnswer {
        self.answer_to(call, vault).await.with_fault(|fault| self.configured.endpoints.named(fault))
    }

    async fn answer_to(&self, call: &Call, vault: &Vault) -> CallAnswer {
        match call {
            Call::Perform(perform) => match self.perform(perform, vault).await {
                Err(fault) if fault.kind == FaultKind::Exists && !perform.was_lost => self.join(perform, fault).await,
                answer => CallAnswer::Performed(answer),
            },
            Call::Read { operation, .. } => CallAnswer::Read(self.read(operation).await),
            Call::Reconcile { operation, lost, .. } => CallAnswer::Reconciled(self.reconcile(operation, lost).await),
            Call::Survey { thing, .. } => CallAnswer::Surveyed { thing: thing.clone(), answer: self.survey(thing).await },
            Call::Undo { operation, owned, spares_saved, .. } => {
                let spared = match operation {
                    Operation::DeleteAccessKey(delete) if *spares_saved => self.saved(&delete.key),
                    _ => None,
                };
                CallAnswer::Undone(match spared {
                    Some(fault) => Err(fault),
                    None => self.undo(operation, owned, vault).await,
                })
            }
        }
    }

    /// Makes a step's call, if the things on which it is made are still those that the run knows by their ids.
    ///
    /// Where the secrets end: a new key's secret and a generated password in the vault, under the step.
    ///
    /// # Errors
    /// The fault, which says whether the call may have taken effect anyway.
    pub async fn perform(&self, call: &Perform, vault: &Vault) -> Result<Made, Fault> {
        for thing in call.owned.iter().chain(call.operation.evidence().into_iter().flat_map(Evidence::things)) {
            match self.ownership_of(thing).await? {
                Ownership::Same => {}
                // It may have been made a moment ago.
                Ownership::Absent => {
                    return Err(Failed::read(call.operation.permission()).fault(FaultKind::NotFound, false));
                }
                Ownership::Other => {
                    let known = if call.old == Old::Nothing { "made" } else { "looked at" };
                    let words = format!("{} is not the one that this run {known}. Nothing was changed on it.", thing.words());
                    return Err(Fault::local(words));
                }
            }
        }
        match self.send(call, vault).await {
            // The call whose answer was lost has removed it.
            Err(fault) if fault.kind == FaultKind::NotFound && call.was_lost && call.operation.nature() == Nature::Removes => {
                Ok(Made::Link)
            }
            answer => answer,
        }
    }

    /// Takes one step back, if each of these things, and of its evidence, still has the id that IAM gave it: a newer thing of the
    /// same name is not ours, and ours is then gone.
    ///
    /// # Errors
    /// Why it is still there; `NotFound` where nothing of that name is.
    pub async fn undo(&self, operation: &Operation, owned: &[Owned], vault: &Vault) -> Result<(), Fault> {
        let proof = operation.evidence().into_iter().flat_map(Evidence::things);
        for thing in owned.iter().chain(proof.filter(|thing| !owned.contains(thing))) {
            match self.ownership_of(thing).await? {
                Ownership::Same => {}
                Ownership::Other => return Ok(()),
                Ownership::Absent => return Err(Failed::read(operation.permission()).fault(FaultKind::NotFound, false)),
            }
        }
        self.send(&Perform::plain(operation.clone()), vault).await.map(drop)
    }

    /// What the lost call of an operation left.
    ///
    /// A key whose secret nobody has is useless to everybody: it is deleted here.
    ///
    /// # Errors
    /// `Exists` for a thing that can't be proven ours; else why the look failed.
    pub async fn reconcile(&self, operation: &Operation, lost: &Lost) -> Result<Reconciled, Fault> {
        for thing in &lost.owned {
            if self.ownership_of(thing).await? == Ownership::Other {
                // What it would be attached to is gone, and it with that.
                return Ok(Reconciled::Nothing);
            }
        }
        self.reconcile_kind(operation, lost).await
    }

    /// What a create comes to whose name was taken meanwhile: found, where it is what this run would have made, or refused with the
    /// reason. Somebody else's user is never taken for ours.
    async fn join(&self, perform: &Perform, fault: Fault) -> CallAnswer {
        let joined = match &perform.operation {
            Operation::CreateGroup(create) => create.join(self, &perform.gives).await,
            Operation::CreatePolicy(create) => create.join(self).await,
            _ => Ok(None),
        };
        match joined {
            Ok(Some(made)) => CallAnswer::Read(Ok(Before::Same(made))),
            Ok(None) => CallAnswer::Performed(Err(fault)),
            Err(words) => CallAnswer::Performed(Err(fault.saying(words))),
        }
    }

    /// The thing, with the id that it has now, before something of it is set or taken away.
    async fn before(&self, entity: Entity, old: Old) -> Result<Before, Fault> {
        Ok(Before::Other { thing: Some(self.identified(entity).await?), users: Vec::new(), old })
    }
}

/// Nothing was there before: the name was seen free when the plan was made.
fn nothing_before() -> Result<Before, Fault> {
    Ok(Before::Other { thing: None, users: Vec::new(), old: Old::Nothing })
}

/// What is sent again whatever came of it is not looked up.
fn sent_again() -> Result<Reconciled, Fault> {
    Ok(Reconciled::Nothing)
}
