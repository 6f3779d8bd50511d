//! A learner's run of a workshop.
