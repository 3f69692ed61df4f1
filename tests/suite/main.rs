//! The tests of the whole: one binary, since linking the SDK takes longer than most of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test or a measurement ends so")]

mod accessible;
mod adding_keys;
mod bad_weather;
mod batch;
mod callers;
mod clipboards;
mod console_access;
mod contrast;
mod conversation;
mod every_outcome;
mod gateway;
mod help;
mod journals;
mod journeys;
mod later_starts;
mod layers;
mod ledger;
mod likeness;
mod matrix;
mod moto;
mod no_harm;
mod operations;
mod pictures;
mod policies;
mod practice;
mod profile_files;
#[cfg(target_os = "linux")]
mod random_rotations;
mod records;
mod revoking;
mod rotating;
mod saving;
mod screens;
mod secrets;
mod seen;
mod settings;
mod sudden_ends;
mod support;
mod tasks;
mod unsent;
mod users;
mod walkthroughs;
mod way_through;
mod where_is;
