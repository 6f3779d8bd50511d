// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * How it stands with a program.
 */
export type RequirementStatus = "found" | "missing" | "too-old" | "unsure";
