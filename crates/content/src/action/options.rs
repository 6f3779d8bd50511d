//! What every action may carry (`actions.md` 2.1) and the `test:` key (`product.md`).

use std::time::Duration;

use serde_yaml::{Mapping, Value};

use super::properties::{Problem, Properties, duration, wrong};
use super::{Action, Cooldown, Expect, Options, SectionMark, TestOptions};
use crate::yaml::js_text;

/// Keys of `test:`.
pub(super) const TEST_KEYS: [&str; 5] = ["expect", "timeout", "output", "background", "inputs"];

/// `cooldown` is the kind's default in seconds.
pub(super) fn read(
    properties: &Properties,
    cooldown: u64,
    action: Option<&Action>,
) -> Result<Options, Problem> {
    let default_pause = match action {
        Some(Action::Section(SectionMark::End { .. })) => 0.0,
        _ => 750.0,
    };
    Ok(Options {
        autostart: properties.truthy("autostart"),
        cascade: properties.truthy("cascade"),
        pause: duration(properties.number("pause")?.unwrap_or(default_pause) / 1000.0),
        cooldown: self::cooldown(properties, cooldown)?,
        hidden: properties.truthy("hidden"),
        event: properties.json("event"),
        enabled: !properties.contains("enabled") || properties.truthy("enabled"),
        required: properties.truthy("required"),
        test: match properties.get("test") {
            None | Some(Value::Null) => TestOptions::default(),
            Some(Value::Mapping(test)) => self::test(test)?,
            Some(_) => return Err(wrong("test", "must be a mapping, such as `{expect: fail}`")),
        },
    })
}

/// The default of a kind, as [`Cooldown`].
pub(super) fn default_cooldown(seconds: u64) -> Cooldown {
    if seconds == 0 {
        Cooldown::None
    } else {
        Cooldown::For(Duration::from_secs(seconds))
    }
}

fn cooldown(properties: &Properties, default: u64) -> Result<Cooldown, Problem> {
    Ok(match properties.number("cooldown")? {
        None => default_cooldown(default),
        Some(seconds) if seconds < 0.0 || seconds.is_infinite() => Cooldown::Forever,
        Some(0.0) => Cooldown::None,
        Some(seconds) => Cooldown::For(duration(seconds)),
    })
}

fn test(test: &Mapping) -> Result<TestOptions, Problem> {
    let expect = match test.get("expect").and_then(js_text).as_deref() {
        None | Some("pass") => Expect::Pass,
        Some("fail") => Expect::Fail,
        Some("skip") => Expect::Skip,
        Some(_) => {
            return Err(wrong(
                "test",
                "has an `expect` that is not `pass`, `fail` or `skip`",
            ));
        }
    };
    let timeout = match test.get("timeout") {
        None => None,
        Some(value) => match value.as_f64() {
            Some(seconds) if seconds > 0.0 => Some(duration(seconds)),
            _ => {
                return Err(wrong(
                    "test",
                    "has a `timeout` that is not a number of seconds",
                ));
            }
        },
    };
    let output = test.get("output").and_then(js_text);
    if let Some(Err(error)) = output.as_deref().map(regress::Regex::new) {
        return Err(wrong(
            "test",
            &format!("has an `output` that is not a regular expression: {error}"),
        ));
    }
    let background = match test.get("background") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(background)) => *background,
        Some(_) => {
            return Err(wrong(
                "test",
                "has a `background` that is neither `true` nor `false`",
            ));
        }
    };
    Ok(TestOptions {
        expect,
        timeout,
        output,
        background,
        inputs: test
            .get("inputs")
            .map(|value| serde_json::to_value(value).unwrap_or_default()),
    })
}
