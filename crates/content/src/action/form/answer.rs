//! Whether a form is filled in properly, and what its test receives then (`actions.md` 5.5, "Values sent").

use serde_json::{Map, Value};

use super::values::{Instance, box_ids};
use super::{Control, Form, FormValue, FormValues, MAX_CONTROLS, MAX_TEXT, TextKind, WrongValue};

impl Form {
    /// Judges what the controls hold, and says what the test receives: a flat object of texts. Without values it holds what it
    /// holds at the start.
    ///
    /// # Errors
    /// What is wrong, in the order of the form.
    pub fn submit(&self, values: &FormValues) -> Result<Map<String, Value>, Vec<WrongValue>> {
        let at = self.instances(&|list, id| self.count(list, id, values));
        let mut wrong = Vec::new();
        for list in &at.lists {
            if let Some(message) = wrong_count(list.count, list.list.min, list.list.max) {
                wrong.push(WrongValue {
                    id: list.id.clone(),
                    label: list.list.title.clone().unwrap_or_else(|| list.id.clone()),
                    message,
                });
            }
        }
        let mut sent = Map::new();
        let mut judged = Vec::new();
        for instance in &at.fields {
            let held = self.held(instance, values);
            if let Err(message) = judge(instance, &held) {
                judged.push(WrongValue {
                    id: instance.id.clone(),
                    label: plain_label(&instance.field.label),
                    message,
                });
            }
            send(instance, held, &mut sent);
        }
        if at.fields.len() >= MAX_CONTROLS {
            wrong.push(WrongValue {
                id: String::new(),
                label: "the form".to_owned(),
                message: format!("it has more than {MAX_CONTROLS} fields; remove some"),
            });
        }
        wrong.extend(judged);
        if wrong.is_empty() {
            Ok(sent)
        } else {
            Err(wrong)
        }
    }

    /// What a control holds: one value, or that of each of several boxes.
    fn held(&self, instance: &Instance<'_>, values: &FormValues) -> Vec<FormValue> {
        let initial = self.initial_of(instance);
        let fits = |own: &FormValue, start: &FormValue| {
            std::mem::discriminant(own) == std::mem::discriminant(start)
        };
        initial
            .into_iter()
            .map(|(id, start)| match values.get(&id) {
                Some(own) if !instance.field.read_only && fits(own, &start) => own.clone(),
                _ => start,
            })
            .collect()
    }
}

fn wrong_count(count: usize, min: usize, max: usize) -> Option<String> {
    if count < min {
        let entries = if min == 1 { "entry" } else { "entries" };
        return Some(format!("add at least {min} {entries}"));
    }
    (count > max).then(|| format!("keep no more than {max} of them"))
}

fn send(instance: &Instance<'_>, held: Vec<FormValue>, sent: &mut Map<String, Value>) {
    match &instance.field.control {
        Control::Checkboxes { options } => {
            for (name, value) in box_ids(&instance.name, options).zip(held) {
                if value == FormValue::Ticked(true) {
                    put(sent, name, "1".to_owned());
                }
            }
        }
        control => {
            let not_chosen = matches!(control, Control::Choice { .. });
            match held.into_iter().next() {
                Some(FormValue::Ticked(true)) => put(sent, instance.name.clone(), "1".to_owned()),
                Some(FormValue::Text(text))
                    if !(text.is_empty() && not_chosen && !offers_nothing(control)) =>
                {
                    put(sent, instance.name.clone(), text);
                }
                _ => {}
            }
        }
    }
}

/// Whether the empty text is one of several to choose from.
fn offers_nothing(control: &Control) -> bool {
    matches!(control, Control::Choice { options, .. } if options.iter().any(|choice| choice.value.is_empty()))
}

/// A name that comes again makes a list of its values.
fn put(sent: &mut Map<String, Value>, name: String, text: String) {
    let text = Value::String(text);
    match sent.get_mut(&name) {
        None => {
            sent.insert(name, text);
        }
        Some(Value::Array(several)) => several.push(text),
        Some(one) => *one = Value::Array(vec![one.take(), text]),
    }
}

fn judge(instance: &Instance<'_>, held: &[FormValue]) -> Result<(), String> {
    let field = instance.field;
    if field.read_only || field.control == Control::Hidden {
        return Ok(());
    }
    if matches!(field.control, Control::Checkboxes { .. }) {
        let none = !held.contains(&FormValue::Ticked(true));
        return if field.required && none {
            Err("tick at least one".to_owned())
        } else {
            Ok(())
        };
    }
    let Some(FormValue::Text(text)) = held.first() else {
        return Ok(());
    };
    if text.len() > MAX_TEXT {
        return Err(format!("keep it below {} kB", MAX_TEXT / 1024));
    }
    if text.is_empty() {
        let needed = match &field.control {
            Control::Choice { .. } if offers_nothing(&field.control) && !field.required => None,
            Control::Choice { .. } => Some("choose one"),
            _ => Some("fill this in"),
        };
        return match needed {
            Some(needed) if field.required => Err(needed.to_owned()),
            _ => Ok(()),
        };
    }
    match &field.control {
        Control::Text {
            kind,
            min_length,
            max_length,
        } => judge_text(text, *kind, *min_length, *max_length),
        Control::Number {
            integer, min, max, ..
        } => judge_number(text, *integer, *min, *max),
        Control::Choice { options, .. } if !options.iter().any(|choice| choice.value == *text) => {
            Err("choose one of those that are offered".to_owned())
        }
        _ => Ok(()),
    }
}

fn judge_text(
    text: &str,
    kind: TextKind,
    min: Option<usize>,
    max: Option<usize>,
) -> Result<(), String> {
    let length = text.chars().count();
    let characters = |n: usize| if n == 1 { "character" } else { "characters" };
    if let Some(min) = min.filter(|min| length < *min) {
        return Err(format!("write at least {min} {}", characters(min)));
    }
    if let Some(max) = max.filter(|max| length > *max) {
        return Err(format!("write no more than {max} {}", characters(max)));
    }
    let (fits, wanted) = match kind {
        TextKind::Email => (
            is_email(text),
            "write an e-mail address, such as ada@example.org",
        ),
        TextKind::Url => (
            is_url(text),
            "write a whole address, such as https://example.org",
        ),
        TextKind::Date => (is_date(text), "write a date as 2026-11-22"),
        TextKind::Time => (is_time(text), "write a time as 18:05"),
        TextKind::Line | TextKind::Area | TextKind::Password | TextKind::Tel => (true, ""),
    };
    if fits { Ok(()) } else { Err(wanted.to_owned()) }
}

fn judge_number(
    text: &str,
    integer: bool,
    min: Option<f64>,
    max: Option<f64>,
) -> Result<(), String> {
    let text = text.trim();
    let written = text
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|n| written && n.is_finite());
    match number {
        None if integer => Err("write a whole number".to_owned()),
        None => Err("write a number".to_owned()),
        Some(number) if integer && number.fract() != 0.0 => Err("write a whole number".to_owned()),
        Some(number) if min.is_some_and(|min| number < min) => {
            Err(format!("write {} or more", min.unwrap_or_default()))
        }
        Some(number) if max.is_some_and(|max| number > max) => {
            Err(format!("write {} or less", max.unwrap_or_default()))
        }
        Some(_) => Ok(()),
    }
}

/// Something before and after one `@`, as browsers have it.
fn is_email(text: &str) -> bool {
    let plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
    let host = |part: &str| {
        part.split('.').all(|word| {
            !word.is_empty()
                && !word.starts_with('-')
                && !word.ends_with('-')
                && word.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
    };
    text.split_once('@')
        .is_some_and(|(name, at)| plain(name) && host(at))
}

/// Absolute: with a scheme and something after it.
fn is_url(text: &str) -> bool {
    let Some(scheme) = crate::render::scheme(text) else {
        return false;
    };
    let rest = &text[scheme.len() + 1..];
    let web = matches!(&*scheme.to_ascii_lowercase(), "http" | "https");
    let rest = if web {
        rest.trim_start_matches('/')
    } else {
        rest
    };
    !rest.is_empty() && !text.contains(char::is_whitespace)
}

fn numbers<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        let digits = part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| digits)?;
    }
    parts.next().is_none().then_some(numbers)
}

fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = numbers(text, '-', [4, 2, 2]) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    year > 0 && (1..=days).contains(&day)
}

fn is_time(text: &str) -> bool {
    let text = text.split_once('.').map_or(text, |(time, _)| time);
    let short = numbers(text, ':', [2, 2]).map(|[hour, minute]| [hour, minute, 0]);
    let time = short.or_else(|| numbers(text, ':', [2, 2, 2]));
    time.is_some_and(|[hour, minute, second]| hour < 24 && minute < 60 && second < 60)
}

/// A label without the colon that many authors put behind it.
fn plain_label(label: &str) -> String {
    label.trim().trim_end_matches(':').to_owned()
}
