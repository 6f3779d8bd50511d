//! Whole workshops, played with real shells, files and tests.
#![cfg(target_os = "linux")]
#![allow(missing_docs, reason = "these are tests")]

mod commands;
mod corpus;
mod dashboards;
mod editor;
mod examiner;
mod house_rules;
mod ingresses;
mod schema;
mod sections;
mod session;
mod set_up;
mod steering;
mod terminals;
mod trust;
mod which_run;
