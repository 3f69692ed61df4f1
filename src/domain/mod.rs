//! What iamwalk knows without asking anybody: IAM's names and limits, the person's answers, the request, the plan, the ledger.
//!
//! Comes in: text that a person or a file supplied, and facts that were looked up elsewhere. Goes out: checked values.
//! No IO, no clock, no terminal, no SDK (held by `tests/suite/layers.rs`).

pub mod access;
pub mod answers;
pub mod arn;
pub mod call;
pub mod caller;
pub mod catalogue;
pub mod document;
pub mod draft;
pub mod dry_run;
pub mod endpoint;
pub mod facts;
pub mod fault;
pub mod hand_over;
pub mod journal;
pub mod key_id;
pub mod ledger;
pub mod moment;
pub mod name;
pub mod operation;
pub mod page;
pub mod password;
pub mod permissions;
pub mod plan;
pub mod policy;
pub mod preflight;
pub mod profile_file;
pub mod record;
pub mod region;
pub mod request;
pub mod right;
pub mod sanitise;
pub mod secret;
pub mod step;
pub mod step_id;
pub mod tag;
pub mod unsent;
pub mod usage;
pub mod users;
pub mod walkthrough;
