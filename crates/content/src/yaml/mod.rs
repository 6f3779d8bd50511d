//! YAML as the reference reads it (`actions.md` 1.3).

mod depth;
mod layout;
mod lenient;
mod plain;
mod recover;
mod value;

pub(crate) use depth::too_deep;
pub(crate) use layout::key_ranges;
pub(crate) use layout::{Step, range_at};
pub(crate) use lenient::{read as read_lenient, repeated_keys};
pub(crate) use plain::as_the_reference_reads;
pub(crate) use recover::recover;
pub(crate) use value::js_text;
pub use value::{YamlError, parse};
