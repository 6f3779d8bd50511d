//! Stories that a learner lives through, in the real window with the real engine.

mod tour;
