mod reading;
mod values;

use serde_json::Value;

use super::*;

fn form_of(inputs: &str) -> (Form, Vec<String>) {
    let inputs = serde_json::to_value(crate::yaml::parse(inputs).unwrap()).unwrap();
    let (form, problems) = read(&inputs);
    let problems = problems.into_iter().map(|problem| problem.message);
    (form.unwrap(), problems.collect())
}

fn form(inputs: &str) -> Form {
    let (form, problems) = form_of(inputs);
    assert_eq!(problems, Vec::<String>::new());
    form
}

fn values(values: Value) -> FormValues {
    serde_json::from_value(values).unwrap()
}

/// What is sent, or what is wrong: `id: message`.
fn sent(form: &Form, held: Value) -> Result<Value, Vec<String>> {
    form.submit(&values(held))
        .map(Value::Object)
        .map_err(|wrong| {
            let line = |wrong: WrongValue| format!("{}: {}", wrong.id, wrong.message);
            wrong.into_iter().map(line).collect()
        })
}
