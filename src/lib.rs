//! iamwalk walks a person through creating an AWS IAM user: answer a few pages, see every call before it is made, get the
//! secret access key once, and leave with a profile that is proven to work.
//!
//! Data goes one way: answers and [facts](domain::facts) become a [request](domain::request), a request becomes a
//! [plan](domain::plan), a plan is run and leaves a [ledger](domain::ledger), and what the ledger says was made is handed
//! over. An [operation](domain::operation) is one IAM write as data: what it says of itself stands in one file, how it is sent,
//! read and looked up in one of `services::iam`. The layers, from the inside out:
//!
//! | layer | holds |
//! |---|---|
//! | [`domain`] | names, answers, request, plan, ledger, secret: no IO, no clock, no terminal, no SDK |
//! | [`practice`] | an IAM account in memory, as an HTTP client for the SDK |
//! | [`services`] | everything outside: the IAM gateway, files, clipboard |
//! | [`app`] | the conversation: events in, effects out |
//! | [`view`] | the words of each state, once, as plain values |
//! | [`faces`] | how a view meets a person: the full screen, lines |
//! | [`runtime`] | the loop that performs effects |
//! | `cli` (the binary's own) | arguments, one file a command, and where everything meets |

pub mod app;
pub mod domain;
pub mod faces;
pub mod practice;
pub mod runtime;
pub mod services;
pub mod view;
