//! A tree and a call → output.

use std::ops::Range;

use super::parse::{Command, Expression, Node, Pipeline};
use super::value::Value;
use super::{BODY, INNER, OUTPUT, Output, Problem, STEPS, Template, functions};
use crate::render::escape;
use crate::variables::Variables;

/// A shortcode as it was called.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Call {
    pub(in super::super) name: String,
    pub(in super::super) positional: Vec<String>,
    pub(in super::super) named: Vec<(String, String)>,
    /// What stands between its tags, as written; nothing when it has no closing tag.
    pub(in super::super) inner: Option<String>,
    /// How many calls of the page came before it.
    pub(in super::super) ordinal: usize,
}

/// The page that a shortcode stands on.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Page {
    pub(in super::super) title: String,
    /// Its address on the session's own host.
    pub(in super::super) address: String,
}

/// What a template may ask for.
pub(in super::super) struct Scope<'a> {
    /// The call, then those that it stands in, from the inside out.
    pub(in super::super) calls: &'a [Call],
    pub(in super::super) page: &'a Page,
    pub(in super::super) variables: &'a Variables,
    /// The address of the instructions.
    pub(in super::super) base: &'a str,
    /// The address of a page by its name.
    pub(in super::super) page_address: &'a dyn Fn(&str) -> Option<String>,
}

/// Evaluates a template for a call. `budget` is how many steps the page has left.
pub(in super::super) fn evaluate(
    template: &Template,
    scope: &Scope<'_>,
    budget: &mut usize,
) -> Result<Output, Problem> {
    let allowed = STEPS.min(*budget);
    let mut evaluator = Evaluator {
        scope,
        left: allowed,
        output: Output::default(),
        variables: vec![(String::new(), Value::Call(0))],
    };
    let done = evaluator.nodes(&template.nodes, &Value::Call(0));
    *budget -= allowed - evaluator.left;
    done.map(|()| evaluator.output)
}

pub(super) struct Evaluator<'a> {
    pub(super) scope: &'a Scope<'a>,
    left: usize,
    pub(super) output: Output,
    /// The innermost last; the nameless one is the call.
    variables: Vec<(String, Value)>,
}

pub(super) type Result<T, E = Problem> = std::result::Result<T, E>;

impl Evaluator<'_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Value) -> Result<()> {
        let level = self.variables.len();
        for node in nodes {
            self.node(node, dot)?;
        }
        self.variables.truncate(level);
        Ok(())
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Result<()> {
        match node {
            Node::Text(text) => self.print(text, &(0..0)),
            Node::Print(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                let range = place(pipeline);
                match value {
                    Value::Html(html) => self.print(&html, &range),
                    value => self.print(&escape(&value.text()), &range),
                }
            }
            Node::Set {
                name,
                declares,
                value,
            } => {
                let range = place(value);
                let value = self.pipeline(value, dot)?;
                if *declares {
                    self.variables.push((name.clone(), value));
                    return Ok(());
                }
                let known = self
                    .variables
                    .iter_mut()
                    .rev()
                    .find(|(known, _)| known == name);
                match known {
                    Some((_, known)) if !name.is_empty() => *known = value,
                    _ => {
                        return Err(Problem::new(
                            format!("there is no variable `${name}`"),
                            range,
                        ));
                    }
                }
                Ok(())
            }
            Node::If {
                condition,
                then,
                otherwise,
            } => {
                let truth = self.pipeline(condition, dot)?.is_true();
                self.nodes(if truth { then } else { otherwise }, dot)
            }
            Node::With {
                variable,
                value,
                then,
                otherwise,
            } => {
                let value = self.pipeline(value, dot)?;
                if !value.is_true() {
                    return self.nodes(otherwise, dot);
                }
                let level = self.variables.len();
                if let Some(name) = variable {
                    self.variables.push((name.clone(), value.clone()));
                }
                self.nodes(then, &value)?;
                self.variables.truncate(level);
                Ok(())
            }
            Node::Range {
                variables,
                over,
                body,
                otherwise,
            } => self.range(variables, over, body, otherwise, dot),
        }
    }

    fn range(
        &mut self,
        variables: &[String],
        over: &Pipeline,
        body: &[Node],
        otherwise: &[Node],
        dot: &Value,
    ) -> Result<()> {
        let place = place(over);
        let items: Vec<(Value, Value)> = match self.pipeline(over, dot)? {
            Value::List(items) => items
                .into_iter()
                .enumerate()
                .map(|(at, value)| (Value::Int(at as i64), value))
                .collect(),
            Value::Map(map) => map
                .into_iter()
                .map(|(key, value)| (Value::Text(key), value))
                .collect(),
            Value::Int(count) if (0..=STEPS as i64).contains(&count) => (0..count)
                .map(|at| (Value::Int(at), Value::Int(at)))
                .collect(),
            value if !value.is_true() => Vec::new(),
            _ => return Err(Problem::new("this is no list", place)),
        };
        if items.is_empty() {
            return self.nodes(otherwise, dot);
        }
        let level = self.variables.len();
        for (key, value) in items {
            self.step(&place)?;
            match variables {
                [one] => self.variables.push((one.clone(), value.clone())),
                [first, second, ..] => {
                    self.variables.push((first.clone(), key));
                    self.variables.push((second.clone(), value.clone()));
                }
                [] => {}
            }
            self.nodes(body, &value)?;
            self.variables.truncate(level);
        }
        Ok(())
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, value, dot)?);
        }
        Ok(value.unwrap_or(Value::Nothing))
    }

    fn command(&mut self, command: &Command, piped: Option<Value>, dot: &Value) -> Result<Value> {
        let range = &command.range;
        self.step(range)?;
        if let Expression::Name(name, _) = &command.head
            && (name == "and" || name == "or")
        {
            return self.first_that(name == "or", &command.arguments, piped, dot);
        }
        let mut arguments = Vec::with_capacity(command.arguments.len() + 1);
        for argument in &command.arguments {
            arguments.push(self.expression(argument, dot)?);
        }
        arguments.extend(piped);
        let value = match &command.head {
            Expression::Name(name, place) => functions::call(self, name, arguments, place)?,
            Expression::Field(parts, place) => self.fields(dot.clone(), parts, arguments, place)?,
            Expression::Variable(name, parts, place) => {
                let value = self.variable(name, place)?;
                self.fields(value, parts, arguments, place)?
            }
            Expression::Group(pipeline, parts, place) => {
                let value = self.pipeline(pipeline, dot)?;
                self.fields(value, parts, arguments, place)?
            }
            literal => {
                if !arguments.is_empty() {
                    return Err(Problem::new("this is no function", range.clone()));
                }
                self.expression(literal, dot)?
            }
        };
        if value.size() > OUTPUT {
            return Err(Problem::new("this makes too long a text", range.clone()));
        }
        // Long values cost more: they are copied.
        self.left = self.left.saturating_sub(value.size() / 256);
        Ok(value)
    }

    /// `and` and `or`: what decides is the value, and what follows is not evaluated.
    fn first_that(
        &mut self,
        truth: bool,
        arguments: &[Expression],
        piped: Option<Value>,
        dot: &Value,
    ) -> Result<Value> {
        let mut value = Value::Nothing;
        for argument in arguments {
            value = self.expression(argument, dot)?;
            if value.is_true() == truth {
                return Ok(value);
            }
        }
        Ok(piped.unwrap_or(value))
    }

    fn expression(&mut self, expression: &Expression, dot: &Value) -> Result<Value> {
        Ok(match expression {
            Expression::Text(text) => Value::Text(text.clone()),
            Expression::Int(number) => Value::Int(*number),
            Expression::Float(number) => Value::Float(*number),
            Expression::Name(name, place) => functions::call(self, name, Vec::new(), place)?,
            Expression::Field(parts, place) => {
                self.fields(dot.clone(), parts, Vec::new(), place)?
            }
            Expression::Variable(name, parts, place) => {
                let value = self.variable(name, place)?;
                self.fields(value, parts, Vec::new(), place)?
            }
            Expression::Group(pipeline, parts, place) => {
                let value = self.pipeline(pipeline, dot)?;
                self.fields(value, parts, Vec::new(), place)?
            }
        })
    }

    fn variable(&self, name: &str, place: &Range<usize>) -> Result<Value> {
        let found = self.variables.iter().rev().find(|(known, _)| known == name);
        match found {
            Some((_, value)) => Ok(value.clone()),
            None => Err(Problem::new(
                format!("there is no variable `${name}`"),
                place.clone(),
            )),
        }
    }

    /// A text that the page is to read as Markdown.
    pub(super) fn markdown(&mut self, value: &Value) -> Value {
        let text = value.text();
        if text.is_empty() {
            return Value::Html(text);
        }
        // What is Markdown already stays as it is.
        if text.starts_with(BODY) && text.ends_with(BODY) {
            return Value::Html(text);
        }
        self.output.bodies.push(text);
        Value::Html(format!("{BODY}{}{BODY}", self.output.bodies.len() - 1))
    }

    /// A value as text, with what stands between the call's tags where it is asked for.
    pub(super) fn text(&self, value: &Value) -> String {
        let text = value.text();
        if !text.contains(INNER) {
            return text;
        }
        let inner = self
            .scope
            .calls
            .first()
            .and_then(|call| call.inner.as_deref());
        text.replace(INNER, inner.unwrap_or_default())
    }

    pub(super) fn step(&mut self, place: &Range<usize>) -> Result<()> {
        if self.left == 0 {
            return Err(Problem::new("this takes too many steps", place.clone()));
        }
        self.left -= 1;
        Ok(())
    }

    fn print(&mut self, text: &str, place: &Range<usize>) -> Result<()> {
        self.step(place)?;
        let bodies: usize = self.output.bodies.iter().map(String::len).sum();
        if self.output.html.len() + text.len() + bodies > OUTPUT {
            return Err(Problem::new("this prints too much", place.clone()));
        }
        self.output.html.push_str(text);
        Ok(())
    }
}

fn place(pipeline: &Pipeline) -> Range<usize> {
    match (pipeline.commands.first(), pipeline.commands.last()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => 0..0,
    }
}
