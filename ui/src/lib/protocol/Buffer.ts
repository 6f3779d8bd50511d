// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * An open document's text and selection.
 */
export type Buffer = { 
/**
 * The whole text, `\n` line ends.
 */
text: string, 
/**
 * Anchor and head of the main selection, in UTF-16 code units.
 */
selection: [number, number], };
