//! Stories that a learner lives through, in the real window with the real engine.

mod boundary;
mod coming_back;
mod editing;
mod ending;
mod keyboard;
mod mistakes;
mod pages;
mod programs;
mod tour;
