// Generated from crates/session/src/protocol by `cargo xtask bindings`. Do not edit.
import type { OfferedFile } from "./OfferedFile";
import type { OfferedScript } from "./OfferedScript";

/**
 * What the author has changed of the files that the session has copies of, and that is not in the session yet.
 */
export type OfferView = { 
/**
 * Files to copy in.
 */
files: Array<OfferedFile>, 
/**
 * Scripts of the set-up and files of programs that have changed: they are in the session, and have not run since.
 */
scripts: Array<OfferedScript>, 
/**
 * Why files could not be compared or copied, in a sentence.
 */
problem: string | null, };
