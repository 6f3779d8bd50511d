//! Examiner actions: the form is judged, the program or service asked, and its answer told.

use atelier_content::action::ExaminerTest;
use atelier_content::action::form::WrongValue;
use serde_json::{Map, Value};

use super::{Outcome, Request};
use crate::examiner::{Attempt, Retries, TestCall, TestOutcome, Tries};
use crate::session::Session;
use crate::urls::Place;

impl Session {
    /// Runs an examiner test with its retries.
    pub(super) async fn examine(&self, test: &ExaminerTest, request: Request<'_>) -> Outcome {
        let tries = Tries {
            retries: test.retries.map_or(Retries::Unlimited, Retries::Times),
            delay: test.delay,
            progress: request.progress,
        };
        self.examine_with(test, tries, request).await
    }

    /// Runs an examiner test with other retries than its own.
    pub(crate) async fn examine_with(
        &self,
        test: &ExaminerTest,
        tries: Tries<'_>,
        request: Request<'_>,
    ) -> Outcome {
        let call = match self.call(test, request) {
            Ok(call) => call,
            Err(outcome) => return outcome,
        };
        let attempt = self
            .examiner()
            .run_until_passed(self.launcher(), &call, tries, request.cancel)
            .await;
        self.record_check(test, attempt.outcome == TestOutcome::Passed);
        outcome_of(&attempt, &test.name)
    }

    /// How a test is to be called; `Err` when it is not.
    fn call(&self, test: &ExaminerTest, request: Request<'_>) -> Result<TestCall, Outcome> {
        let url = test.url.as_deref().map(|url| self.service(url));
        if url.is_none() && !self.workshop().applications.examiner {
            return Err(Outcome::failed(
                "the workshop does not switch the examiner on; its author must enable it in resources/workshop.yaml",
            ));
        }
        let (mut input, mut secrets) = (Map::new(), Vec::new());
        if let Some(form) = &test.form {
            let initial = form.initial();
            let values = request.form.unwrap_or(&initial);
            input = form.submit(values).map_err(not_filled_in)?;
            secrets = form.secrets(values);
        }
        let localise = |text: &String| self.folders().localise(text);
        for value in input.values_mut() {
            match value {
                Value::String(text) => *text = localise(text),
                Value::Array(several) => {
                    for value in several {
                        *value = value.as_str().map(|text| localise(&text.to_owned())).into();
                    }
                }
                _ => {}
            }
        }
        Ok(TestCall {
            name: test.name.clone(),
            args: test.args.iter().map(localise).collect(),
            input: Value::Object(input),
            secrets,
            url: url.transpose()?,
            timeout: test.timeout,
        })
    }

    /// The address of a service on this machine.
    fn service(&self, url: &str) -> Result<String, Outcome> {
        match self.addresses().place(url) {
            Place::Local(address)
            | Place::Ingress {
                browser: address, ..
            } => Ok(address),
            Place::Remote(address) if self.addresses().is_here(&address) => Ok(address),
            Place::Remote(url) => Err(Outcome::failed(format!(
                "the test asks {url}, which is not on this machine, and so it is not asked; its author must name a service on localhost or on one of the workshop's ingresses"
            ))),
            Place::Absent(why) if !url.starts_with('/') => Err(Outcome::failed(why)),
            Place::Terminal(_)
            | Place::Terminals
            | Place::Own(..)
            | Place::Absent(_)
            | Place::Unusable(_) => Err(Outcome::failed(format!(
                "the test asks `{url}`, which is no address of a service on this machine; its author must write one that begins with http://localhost"
            ))),
        }
    }
}

fn not_filled_in(wrong: Vec<WrongValue>) -> Outcome {
    let each = wrong
        .iter()
        .map(|wrong| format!("`{}`: {}", wrong.label, wrong.message));
    let message = format!(
        "the form is not filled in as it must be: {}",
        each.collect::<Vec<_>>().join("; ")
    );
    Outcome {
        wrong_values: wrong,
        ..Outcome::failed(message)
    }
}

fn outcome_of(attempt: &Attempt, name: &str) -> Outcome {
    let output = Some(attempt.output.clone()).filter(|output| !output.trim().is_empty());
    let outcome = match &attempt.outcome {
        TestOutcome::Passed => Outcome::done(Vec::new()),
        TestOutcome::NotFound => Outcome::failed(format!(
            "the workshop has no examiner test `{name}` that can be run; its author must put a program of that name into workshop/examiner/tests"
        )),
        other => Outcome::failed(other.to_string()),
    };
    Outcome { output, ..outcome }
}
