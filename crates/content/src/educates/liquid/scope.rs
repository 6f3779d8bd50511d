//! The names that a page's Liquid can use.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use liquid_core::model::{KString, KStringCow, KStringRef, ScalarCow, ValueView};
use liquid_core::runtime::{PartialStore, Registers};
use liquid_core::{Error, Renderable, Result, Runtime, Value, ValueCow};

use crate::variables::Variables;

/// The names that a page can use: its variables, and what it assigned itself.
pub(super) struct Scope<'v> {
    variables: &'v Variables,
    frames: RefCell<Vec<Frame>>,
    counters: RefCell<BTreeMap<String, i64>>,
    /// Names that were asked for and are not there.
    missing: RefCell<BTreeSet<String>>,
    taken: Cell<Option<Value>>,
    registers: Registers,
}

/// Names of a loop or an included file.
#[derive(Debug, Default)]
struct Frame {
    names: BTreeMap<String, Value>,
    /// What lies below is not seen: `render`.
    isolated: bool,
}

impl<'v> Scope<'v> {
    pub(super) fn new(variables: &'v Variables) -> Self {
        Self {
            variables,
            frames: RefCell::new(vec![Frame::default()]),
            counters: RefCell::default(),
            missing: RefCell::default(),
            taken: Cell::default(),
            registers: Registers::default(),
        }
    }

    /// Opens a frame; what is set inside with [`Scope::set_inner`] ends with it.
    pub(super) fn enter(&self, isolated: bool) {
        self.frames.borrow_mut().push(Frame {
            names: BTreeMap::new(),
            isolated,
        });
    }

    pub(super) fn leave(&self) {
        self.frames.borrow_mut().pop();
    }

    /// Sets a name for the whole page, or for the rendered file.
    pub(super) fn set(&self, name: &str, value: Value) {
        let mut frames = self.frames.borrow_mut();
        let at = frames.iter().rposition(|frame| frame.isolated).unwrap_or(0);
        if let Some(frame) = frames.get_mut(at) {
            frame.names.insert(name.to_owned(), value);
        }
    }

    /// Sets a name in the innermost frame.
    pub(super) fn set_inner(&self, name: &str, value: Value) {
        if let Some(frame) = self.frames.borrow_mut().last_mut() {
            frame.names.insert(name.to_owned(), value);
        }
    }

    /// Adds to a counter and returns what it was.
    pub(super) fn count(&self, name: &str, by: i64) -> i64 {
        let mut counters = self.counters.borrow_mut();
        let counter = counters.entry(name.to_owned()).or_insert(0);
        let before = *counter;
        *counter = counter.saturating_add(by);
        before
    }

    /// The names that were asked for in vain since the last call.
    pub(super) fn take_missing(&self) -> BTreeSet<String> {
        self.missing.take()
    }

    /// What the library worked out last.
    pub(super) fn take_value(&self) -> Value {
        self.taken.take().unwrap_or(Value::Nil)
    }

    /// The value at a path; a name that is not there is noted.
    pub(super) fn lookup(&self, path: &[ScalarCow<'_>]) -> Value {
        self.found(path).unwrap_or_else(|| {
            if let [name] = path {
                self.missing
                    .borrow_mut()
                    .insert(name.to_kstr().into_string());
            }
            Value::Nil
        })
    }

    fn found(&self, path: &[ScalarCow<'_>]) -> Option<Value> {
        let (name, rest) = path.split_first()?;
        let name = name.to_kstr();
        let inside = |value: &Value| find_in(value, rest);
        for frame in self.frames.borrow().iter().rev() {
            if let Some(value) = frame.names.get(name.as_str()) {
                return inside(value);
            }
            if frame.isolated {
                return None;
            }
        }
        let value = self.variables.get(name.as_str())?;
        // Without a registry these are not defined (`instructions.md` 6.2), which pages test for.
        if value.is_empty() && name.starts_with("registry_") {
            return Some(Value::Nil);
        }
        inside(&Value::scalar(value.to_owned()))
    }
}

fn find_in(value: &Value, rest: &[ScalarCow<'_>]) -> Option<Value> {
    if rest.is_empty() {
        return Some(value.clone());
    }
    liquid_core::model::try_find(value, rest).map(ValueCow::into_owned)
}

impl Runtime for Scope<'_> {
    fn partials(&self) -> &dyn PartialStore {
        &NoPartials
    }

    fn name(&self) -> Option<KStringRef<'_>> {
        None
    }

    fn roots(&self) -> BTreeSet<KStringCow<'_>> {
        BTreeSet::new()
    }

    fn try_get(&self, path: &[ScalarCow<'_>]) -> Option<ValueCow<'_>> {
        self.found(path).map(ValueCow::Owned)
    }

    fn get(&self, path: &[ScalarCow<'_>]) -> Result<ValueCow<'_>> {
        Ok(ValueCow::Owned(self.lookup(path)))
    }

    fn set_global(&self, _name: KString, value: Value) -> Option<Value> {
        self.taken.replace(Some(value))
    }

    fn set_index(&self, _name: KString, _value: Value) -> Option<Value> {
        None
    }

    fn get_index<'a>(&'a self, _name: &str) -> Option<ValueCow<'a>> {
        None
    }

    fn registers(&self) -> &Registers {
        &self.registers
    }
}

/// Included files are this crate's own business.
#[derive(Debug)]
struct NoPartials;

impl PartialStore for NoPartials {
    fn contains(&self, _name: &str) -> bool {
        false
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }

    fn try_get(&self, _name: &str) -> Option<Arc<dyn Renderable>> {
        None
    }

    fn get(&self, name: &str) -> Result<Arc<dyn Renderable>> {
        Error::with_msg(format!("there is no file {name}")).into_err()
    }
}
