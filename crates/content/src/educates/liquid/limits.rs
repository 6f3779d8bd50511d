//! What a page's Liquid may cost. The library itself knows no limits, and some of its filters panic on numbers that
//! are too large.

use std::fmt;

use liquid_core::model::ValueView;
use liquid_core::parser::{Filter, FilterArguments, FilterReflection, ParseFilter};
use liquid_core::{Error, Expression, Result, Runtime, Value};

/// No value is larger, in bytes; an item of a list counts as a few.
const MAX_VALUE: usize = 256 * 1024;
/// No list is longer.
const MAX_ITEMS: usize = 10_000;
/// All filters of a page together look at no more bytes.
const MAX_FILTERED: usize = 64 * 1024 * 1024;
/// What a page's values may add to it, in bytes.
const MAX_OUTPUT: usize = 4 * 1024 * 1024;
/// Turns of loops and included files a page may have.
const MAX_STEPS: usize = 50_000;
/// A larger number in a filter's argument is a mistake.
const MAX_NUMBER: i64 = 1_000_000_000;

/// What is left.
#[derive(Debug)]
pub(super) struct Budget {
    filtered: usize,
    output: usize,
    steps: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            filtered: MAX_FILTERED,
            output: MAX_OUTPUT,
            steps: MAX_STEPS,
        }
    }
}

impl Budget {
    /// Takes a turn of a loop or an included file; says whether there was one left.
    pub(super) fn step(&mut self) -> bool {
        take(&mut self.steps, 1)
    }

    /// Takes bytes of output that the page's file does not hold.
    pub(super) fn write(&mut self, bytes: usize) -> bool {
        take(&mut self.output, bytes)
    }
}

fn take(left: &mut usize, cost: usize) -> bool {
    match left.checked_sub(cost) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    }
}

/// Checks a value that is about to be kept.
pub(super) fn check_size(value: &Value) -> Result<()> {
    if size(value) > MAX_VALUE
        || value
            .as_array()
            .is_some_and(|a| a.size() > MAX_ITEMS as i64)
    {
        return Error::with_msg("the value becomes too large").into_err();
    }
    Ok(())
}

/// About how many bytes a value takes.
fn size(value: &dyn ValueView) -> usize {
    if let Some(items) = value.as_array() {
        return items.values().map(|item| size(item) + 16).sum();
    }
    if let Some(fields) = value.as_object() {
        return fields.values().map(|item| size(item) + 32).sum();
    }
    value.to_kstr().len()
}

/// A filter of the library within these limits.
#[derive(Clone)]
pub(super) struct Limited(pub(super) Box<dyn ParseFilter>);

impl ParseFilter for Limited {
    fn parse(&self, arguments: FilterArguments<'_>) -> Result<Box<dyn Filter>> {
        let positional: Vec<Expression> = arguments.positional.collect();
        let filter = self.0.parse(FilterArguments {
            positional: Box::new(positional.clone().into_iter()),
            keyword: arguments.keyword,
        })?;
        Ok(Box::new(LimitedFilter {
            name: self.0.reflection().name().to_owned(),
            positional,
            filter,
        }))
    }

    fn reflection(&self) -> &dyn FilterReflection {
        self.0.reflection()
    }
}

#[derive(Debug)]
struct LimitedFilter {
    name: String,
    positional: Vec<Expression>,
    filter: Box<dyn Filter>,
}

impl fmt::Display for LimitedFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.filter.fmt(f)
    }
}

impl Filter for LimitedFilter {
    fn evaluate(&self, input: &dyn ValueView, runtime: &dyn Runtime) -> Result<Value> {
        let mut arguments = Vec::with_capacity(self.positional.len());
        for argument in &self.positional {
            arguments.push(argument.evaluate(runtime)?.into_owned());
        }
        self.admit(input, &arguments, runtime)?;
        let value = self.filter.evaluate(input, runtime)?;
        check_size(&value)?;
        Ok(value)
    }
}

impl LimitedFilter {
    fn admit(
        &self,
        input: &dyn ValueView,
        arguments: &[Value],
        runtime: &dyn Runtime,
    ) -> Result<()> {
        let too_large = || Error::with_msg("the value becomes too large");
        let text = |at: usize| arguments.get(at).map(|value| value.to_kstr().into_string());
        let bytes = size(input) + arguments.iter().map(|value| size(value)).sum::<usize>();
        let items = input.as_array().map_or(0, |items| items.size() as usize);
        let grown = match self.name.as_str() {
            "replace" => {
                let pieces = match text(0).as_deref() {
                    None | Some("") => bytes + 1,
                    Some(searched) => input.to_kstr().matches(searched).count() + 1,
                };
                bytes.saturating_add(pieces.saturating_mul(text(1).map_or(0, |with| with.len())))
            }
            "join" => bytes.saturating_add(items * text(0).map_or(1, |glue| glue.len())),
            "split" => {
                let pieces = match text(0).as_deref() {
                    None | Some("") => bytes,
                    Some(at) => input.to_kstr().matches(at).count(),
                };
                if pieces > MAX_ITEMS {
                    return too_large().into_err();
                }
                bytes
            }
            "url_encode" => bytes * 3,
            "escape" | "escape_once" | "newline_to_br" => bytes * 7,
            _ => bytes,
        };
        let work = match self.name.as_str() {
            // Every item is compared with every other one.
            "uniq" => items * items,
            _ => bytes.saturating_add(grown),
        };
        if grown > 8 * MAX_VALUE
            || !take(&mut runtime.registers().get_mut::<Budget>().filtered, work)
        {
            return too_large().into_err();
        }
        self.admit_numbers(input, arguments)?;
        self.admit_date(input, text(0).as_deref())
    }

    /// The library computes with 64 bits and does not check.
    fn admit_numbers(&self, input: &dyn ValueView, arguments: &[Value]) -> Result<()> {
        let number = |value: &dyn ValueView| value.as_scalar().and_then(|it| it.to_integer());
        let wide = |value: i64| value.unsigned_abs() > MAX_NUMBER as u64;
        let too_large = || Error::with_msg("the number is too large");
        let operand = arguments.first().and_then(|value| number(value.as_view()));
        let fits = match (self.name.as_str(), number(input), operand) {
            ("abs", Some(number), _) => number.checked_abs().is_some(),
            ("plus", Some(a), Some(b)) => a.checked_add(b).is_some(),
            ("minus", Some(a), Some(b)) => a.checked_sub(b).is_some(),
            ("times", Some(a), Some(b)) => a.checked_mul(b).is_some(),
            ("divided_by", Some(a), Some(b)) => b == 0 || a.checked_div(b).is_some(),
            ("modulo", Some(a), Some(b)) => b == 0 || a.checked_rem(b).is_some(),
            ("slice" | "truncate" | "truncatewords" | "round", ..) => !arguments
                .iter()
                .filter_map(|value| number(value.as_view()))
                .any(wide),
            _ => true,
        };
        if fits { Ok(()) } else { too_large().into_err() }
    }

    fn admit_date(&self, input: &dyn ValueView, format: Option<&str>) -> Result<()> {
        if self.name != "date" {
            return Ok(());
        }
        let moment = input.to_kstr().trim().to_lowercase();
        if matches!(moment.as_str(), "now" | "today") {
            return Error::with_msg("pages do not know the time").into_err();
        }
        let digits = format
            .unwrap_or_default()
            .split(|c: char| !c.is_ascii_digit());
        if digits.map(str::len).max().unwrap_or_default() > 3 {
            return Error::with_msg("the format of the date is too wide").into_err();
        }
        Ok(())
    }
}
