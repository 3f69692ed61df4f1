//! Everything outside the process: AWS, files, clipboard. Whatever is called here was decided in `app`.

pub mod clipboard;
pub mod connect;
pub mod credentials_file;
pub mod csv_file;
pub mod facts;
mod failure;
pub mod gateway;
mod guard;
pub mod journal;
pub mod log;
mod look;
mod mfa;
pub mod private_file;
pub mod profiles;
pub mod serve;
mod simulation;
mod steps;
mod undo;
pub mod verify;
