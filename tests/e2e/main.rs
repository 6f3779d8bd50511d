//! Stories that a learner lives through, in the real window with the real engine.

mod boundary;
mod bundles;
mod catching_up;
mod coming_back;
mod dashboards;
mod editing;
mod editor_terminals;
mod ending;
mod files;
mod forms;
mod going_back;
mod keyboard;
mod mistakes;
mod opening;
mod pages;
mod preview;
mod preview_speed;
mod programs;
mod session_panel;
mod setting_up;
mod tour;
mod trusting;
mod web_app;
