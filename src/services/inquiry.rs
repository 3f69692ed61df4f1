//! What a command asks without a conversation: it connects, asks, and gets one answer.
//!
//! The futures are boxed: the program is a crate of its own, and would hold a second copy of all that they are made of.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use futures_util::{StreamExt, future, stream};

use super::connect::{Connection, connect};
use super::gateway::Gateway;
use super::settings::Settings;
use crate::domain::caller::Source;
use crate::domain::facts::{Facts, KeySight, Question};
use crate::domain::fault::Fault;
use crate::domain::moment::Moment;
use crate::domain::secret::Vault;
use crate::domain::users::listing::Head;
use crate::domain::users::{CredentialReport, KeyOwner, USERS_AT_ONCE};

/// An answer on its way.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + 'a>>;

/// Whose a key is, as who asks sees it: the caller's account, and AWS's clock.
#[derive(Debug)]
pub struct Owned {
    pub owner: KeyOwner,
    pub caller: String,
    pub at: Moment,
}

/// Whose an access key is.
///
/// # Errors
/// Why nobody can be asked.
pub fn owner_of<'a>(source: &'a Source, settings: &'a Settings, id: &'a str) -> Answer<'a, Owned> {
    Box::pin(async move {
        let Connection { gateway, caller, .. } = connect(source, settings, &Vault::default()).await?;
        let owner = gateway.owner_of(id).await;
        Ok(Owned { owner, caller: caller.account, at: Moment(gateway.clock().unwrap_or_default()) })
    })
}

/// The same, and where on this machine the key is named.
#[derive(Debug)]
pub struct Sighted {
    pub sight: KeySight,
    pub at: Moment,
}

/// Whose an access key is, and where on this machine it is.
///
/// # Errors
/// Why nobody can be asked, or that the person's own files can't be read.
pub fn sight_of<'a>(source: &'a Source, settings: &'a Settings, id: &'a str) -> Answer<'a, Sighted> {
    Box::pin(async move {
        let Connection { gateway, .. } = connect(source, settings, &Vault::default()).await?;
        let sight = gateway.key_sight(id).await?;
        Ok(Sighted { sight, at: Moment(gateway.clock().unwrap_or_default()) })
    })
}

/// All that can be known of the users; about each by itself where the caller may not have the reports, and `asked` is told of how
/// many, of how many.
///
/// # Errors
/// Why the users can't be listed.
pub fn users<'a>(source: &'a Source, settings: &'a Settings, asked: &'a dyn Fn(usize, usize)) -> Answer<'a, (Head, Facts)> {
    Box::pin(async move {
        let Connection { gateway, caller, .. } = connect(source, settings, &Vault::default()).await?;
        list(&gateway, caller.account, asked).await
    })
}

async fn list(gateway: &Gateway, account: String, asked: &dyn Fn(usize, usize)) -> Result<(Head, Facts), Fault> {
    let facts = Mutex::new(Facts::default());
    let ask = async |question: Question| {
        let learn = |answer| facts.lock().unwrap_or_else(PoisonError::into_inner).learn(question.clone(), answer);
        gateway.ask(&question, &learn).await;
    };
    let of_all = [Question::Users, Question::CredentialReport, Question::UserDetails, Question::HeldKeys];
    future::join_all(of_all.map(&ask)).await;
    let mut gaps = Vec::new();
    let (names, lacks) = {
        let facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = |question: &Question| facts.end(question).and_then(|end| end.fault().cloned());
        if let Some(fault) = refused(&Question::Users) {
            return Err(fault);
        }
        let lacking = facts.lacking_reports();
        gaps.extend(lacking.iter().map(|fault| format!("{} Each user is asked about instead.", fault.what())));
        gaps.extend(refused(&Question::HeldKeys).map(|fault| format!("Your profiles: {}", fault.what())));
        (facts.users().iter().map(|user| user.name.clone()).collect::<Vec<_>>(), !lacking.is_empty())
    };
    if lacks {
        let count = names.len();
        let mut answers =
            stream::iter(names.into_iter().map(|name| ask(Question::CredentialsOf(name)))).buffer_unordered(USERS_AT_ONCE);
        for done in 1.. {
            if answers.next().await.is_none() {
                break;
            }
            asked(done, count);
        }
    }
    let facts = facts.into_inner().unwrap_or_else(PoisonError::into_inner);
    gaps.extend(facts.hidden_users().map(|(name, fault)| format!("{name}: {}", fault.what())));
    let report = facts.credential_report();
    let (report_made, root) = (report.map(|report| report.made), report.map(CredentialReport::of_root).unwrap_or_default());
    Ok((Head { account, at: Moment(gateway.clock().unwrap_or_default()), report_made, root, gaps }, facts))
}
