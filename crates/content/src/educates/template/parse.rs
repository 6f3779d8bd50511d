//! Words → a tree.

use std::ops::Range;

use super::lex::{Piece, Word, pieces};
use super::{DEPTH, Problem};

/// A part of a template.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Text(String),
    /// Prints a value.
    Print(Pipeline),
    /// `$x := …` and `$x = …`
    Set {
        name: String,
        declares: bool,
        value: Pipeline,
    },
    If {
        condition: Pipeline,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    With {
        variable: Option<String>,
        value: Pipeline,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Range {
        /// Of the key and the value.
        variables: Vec<String>,
        over: Pipeline,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
}

/// `a | b x | c`: each command gets the value of the one before as its last argument.
#[derive(Debug, Clone)]
pub(super) struct Pipeline {
    pub(super) commands: Vec<Command>,
}

/// A function or method with its arguments.
#[derive(Debug, Clone)]
pub(super) struct Command {
    pub(super) head: Expression,
    pub(super) arguments: Vec<Expression>,
    pub(super) range: Range<usize>,
}

/// A value, or what makes one.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// A function's name.
    Name(String, Range<usize>),
    /// Fields of the current value.
    Field(Vec<String>, Range<usize>),
    Variable(String, Vec<String>, Range<usize>),
    Text(String),
    Int(i64),
    Float(f64),
    /// Brackets, and fields of what is in them.
    Group(Box<Pipeline>, Vec<String>, Range<usize>),
}

/// Reads a template's text.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, Problem> {
    let pieces = pieces(text)?;
    let mut parser = Parser { pieces, at: 0 };
    let (nodes, end) = parser.nodes(0)?;
    match end {
        None => Ok(nodes),
        Some((word, range)) => Err(Problem::new(format!("`{word}` closes nothing"), range)),
    }
}

struct Parser {
    pieces: Vec<Piece>,
    at: usize,
}

/// What ended a list of nodes: `end`, `else`, with the words after `else`.
type End = Option<(String, Range<usize>)>;
type Words = [(Word, Range<usize>)];

impl Parser {
    fn nodes(&mut self, depth: usize) -> Result<(Vec<Node>, End), Problem> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.get(self.at).cloned() {
            let (words, range) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    self.at += 1;
                    continue;
                }
                Piece::Action(words, range) => (words, range),
            };
            if depth > DEPTH {
                return Err(Problem::new("nested too deep", range));
            }
            let keyword = match words.first() {
                Some((Word::Name(name), _)) => name.clone(),
                None => return Err(Problem::new("this action is empty", range)),
                _ => String::new(),
            };
            // The closing words stay where they are: whoever opened the block reads them.
            if keyword == "end" || keyword == "else" {
                return Ok((nodes, Some((keyword, range))));
            }
            self.at += 1;
            nodes.push(match keyword.as_str() {
                "if" | "with" | "range" => self.block(&keyword, &words[1..], range, depth)?,
                "define" | "template" | "block" | "partial" | "partialCached" | "break"
                | "continue" | "return" => {
                    return Err(Problem::unsupported(
                        format!("`{keyword}` is not played"),
                        range,
                    ));
                }
                _ => statement(&words, range)?,
            });
        }
        Ok((nodes, None))
    }

    fn block(
        &mut self,
        keyword: &str,
        words: &Words,
        range: Range<usize>,
        depth: usize,
    ) -> Result<Node, Problem> {
        let (variables, words) = declared(words);
        let value = pipeline(words, &range, depth)?;
        let (then, end) = self.nodes(depth + 1)?;
        let otherwise = self.otherwise(keyword, end, &range, depth)?;
        Ok(match keyword {
            "if" => Node::If {
                condition: value,
                then,
                otherwise,
            },
            "with" => Node::With {
                variable: variables.into_iter().next(),
                value,
                then,
                otherwise,
            },
            _ => Node::Range {
                variables,
                over: value,
                body: then,
                otherwise,
            },
        })
    }

    fn otherwise(
        &mut self,
        keyword: &str,
        end: End,
        range: &Range<usize>,
        depth: usize,
    ) -> Result<Vec<Node>, Problem> {
        let Some((word, _)) = end else {
            return Err(Problem::new(
                format!("this `{keyword}` has no `end`"),
                range.clone(),
            ));
        };
        let Some(Piece::Action(words, place)) = self.pieces.get(self.at).cloned() else {
            return Ok(Vec::new());
        };
        self.at += 1;
        if word == "end" {
            return Ok(Vec::new());
        }
        // `else if x` and `else with x` are a block of their own, which the same `end` closes.
        if let Some((Word::Name(next), _)) = words.get(1)
            && (next == "if" || next == "with")
        {
            if depth >= DEPTH {
                return Err(Problem::new("nested too deep", place));
            }
            return Ok(vec![self.block(next, &words[2..], place, depth + 1)?]);
        }
        if let Some((_, extra)) = words.get(1) {
            return Err(Problem::new("this cannot follow `else`", extra.clone()));
        }
        let (nodes, end) = self.nodes(depth + 1)?;
        match end {
            Some((word, _)) if word == "end" => {
                self.at += 1;
                Ok(nodes)
            }
            Some((_, place)) => Err(Problem::new("a second `else`", place)),
            None => Err(Problem::new(
                format!("this `{keyword}` has no `end`"),
                range.clone(),
            )),
        }
    }
}

/// The variables before `:=`, and the words after it.
fn declared(words: &Words) -> (Vec<String>, &Words) {
    let at = words
        .iter()
        .position(|(word, _)| matches!(word, Word::Declare | Word::Assign));
    let Some(at) = at else {
        return (Vec::new(), words);
    };
    let names = words[..at].iter().filter_map(|(word, _)| match word {
        Word::Variable(name) => Some(name.clone()),
        _ => None,
    });
    (names.collect(), &words[at + 1..])
}

fn statement(words: &Words, range: Range<usize>) -> Result<Node, Problem> {
    if let [
        (Word::Variable(name), _),
        (mark @ (Word::Declare | Word::Assign), _),
        rest @ ..,
    ] = words
    {
        return Ok(Node::Set {
            name: name.clone(),
            declares: *mark == Word::Declare,
            value: pipeline(rest, &range, 0)?,
        });
    }
    Ok(Node::Print(pipeline(words, &range, 0)?))
}

fn pipeline(words: &Words, whole: &Range<usize>, depth: usize) -> Result<Pipeline, Problem> {
    if depth > DEPTH {
        return Err(Problem::new("nested too deep", whole.clone()));
    }
    let mut commands = Vec::new();
    let mut rest = words;
    loop {
        let end = at_top_level(rest, &Word::Pipe).unwrap_or(rest.len());
        commands.push(command(&rest[..end], whole, depth)?);
        match rest.get(end + 1..) {
            Some(after) if end < rest.len() => rest = after,
            _ => return Ok(Pipeline { commands }),
        }
    }
}

/// Where a word stands outside of brackets.
fn at_top_level(words: &Words, wanted: &Word) -> Option<usize> {
    let mut level = 0_usize;
    for (at, (word, _)) in words.iter().enumerate() {
        match word {
            Word::Open => level += 1,
            Word::Close => level = level.saturating_sub(1),
            word if level == 0 && word == wanted => return Some(at),
            _ => {}
        }
    }
    None
}

fn command(words: &Words, whole: &Range<usize>, depth: usize) -> Result<Command, Problem> {
    let mut expressions = Vec::new();
    let mut at = 0;
    while let Some((word, place)) = words.get(at) {
        at += 1;
        expressions.push(match word {
            Word::Name(name) => {
                let fields = fields_after(words, &mut at, place.end);
                if fields.is_empty() {
                    Expression::Name(name.clone(), place.clone())
                } else {
                    let group = Pipeline {
                        commands: vec![Command {
                            head: Expression::Name(name.clone(), place.clone()),
                            arguments: Vec::new(),
                            range: place.clone(),
                        }],
                    };
                    Expression::Group(Box::new(group), fields, place.clone())
                }
            }
            Word::Field(parts) => Expression::Field(parts.clone(), place.clone()),
            Word::Variable(name) => {
                let fields = fields_after(words, &mut at, place.end);
                Expression::Variable(name.clone(), fields, place.clone())
            }
            Word::Text(text) => Expression::Text(text.clone()),
            Word::Int(number) => Expression::Int(*number),
            Word::Float(number) => Expression::Float(*number),
            Word::Open => {
                let inner = &words[at..];
                let Some(end) = closing(inner) else {
                    return Err(Problem::new("this bracket is not closed", place.clone()));
                };
                let group = pipeline(&inner[..end], place, depth + 1)?;
                at += end + 1;
                let after = inner[end].1.end;
                let fields = fields_after(words, &mut at, after);
                Expression::Group(Box::new(group), fields, place.clone())
            }
            _ => return Err(Problem::new("this does not belong here", place.clone())),
        });
    }
    let mut expressions = expressions.into_iter();
    let Some(head) = expressions.next() else {
        return Err(Problem::new("a value is missing here", whole.clone()));
    };
    Ok(Command {
        head,
        arguments: expressions.collect(),
        range: match (words.first(), words.last()) {
            (Some((_, first)), Some((_, last))) => first.start..last.end,
            _ => whole.clone(),
        },
    })
}

/// Fields that follow without a space: `$x.y`, `(index …).z`, `site.Params.x`.
fn fields_after(words: &Words, at: &mut usize, end: usize) -> Vec<String> {
    match words.get(*at) {
        Some((Word::Field(parts), place)) if place.start == end && !parts.is_empty() => {
            *at += 1;
            parts.clone()
        }
        _ => Vec::new(),
    }
}

fn closing(words: &Words) -> Option<usize> {
    let mut level = 0_usize;
    for (at, (word, _)) in words.iter().enumerate() {
        match word {
            Word::Open => level += 1,
            Word::Close if level == 0 => return Some(at),
            Word::Close => level -= 1,
            _ => {}
        }
    }
    None
}
