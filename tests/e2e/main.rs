//! Stories that a learner lives through, in the real window with the real engine.

mod boundary;
mod coming_back;
mod dashboards;
mod editing;
mod ending;
mod keyboard;
mod mistakes;
mod programs;
mod tour;
