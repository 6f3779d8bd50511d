// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.

/**
 * What an upload takes.
 */
export type UploadView = { 
/**
 * Where it goes: `~/uploads/report.csv`, or the folder.
 */
to: string, 
/**
 * More than one file may be handed over.
 */
several: boolean, };
