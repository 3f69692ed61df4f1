//! Everything outside the process: AWS, files, clipboard. Whatever is called here was decided in `app`.

pub mod clipboard;
pub mod connect;
pub mod csv_file;
pub mod facts;
mod failure;
pub mod gateway;
mod guard;
mod holdings;
mod https;
pub mod journal;
pub mod log;
mod look;
mod mfa;
pub mod private_file;
pub mod profile_files;
pub mod profiles;
mod replace;
pub mod serve;
mod simulation;
pub mod standard_output;
mod state;
mod steps;
pub mod terminal_copy;
mod undo;
pub mod verify;
pub mod walkthrough_files;
