//! The tests of the whole: one binary, since linking the SDK takes longer than most of them.

mod bad_weather;
mod callers;
mod conversation;
mod every_outcome;
mod gateway;
mod journeys;
mod layers;
mod ledger;
mod matrix;
mod moto;
mod practice;
mod screens;
mod secrets;
mod support;
