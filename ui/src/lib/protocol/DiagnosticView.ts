// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * A finding about the workshop.
 */
export type DiagnosticView = { code: string, 
/**
 * `error` or `warning`.
 */
severity: string, message: string, help: string | null, 
/**
 * Relative to the workshop's folder.
 */
file: string | null, 
/**
 * From 1.
 */
line: number | null, 
/**
 * From 1.
 */
column: number | null, 
/**
 * The page that the file is the source of.
 */
page: string | null, };
