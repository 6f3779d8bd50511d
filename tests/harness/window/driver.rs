//! WebKitWebDriver: one process and one session of it, spoken to over plain HTTP.

use std::fmt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use ureq::Agent;

use super::processes::Process;

/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long the driver may take to listen.
const START: Duration = Duration::from_secs(60);
/// How long any answer may take; a script of the driver's may take as long as any wait.
const ANSWER: Duration = Duration::from_secs(240);
/// How often another port is tried when a driver ends at once, as it does where somebody else listens.
const STARTS: usize = 5;

/// A driver process with the one window it opened.
pub(super) struct Driver {
    process: Child,
    agent: Agent,
    /// Where the session's commands are.
    session: String,
}

/// Something on the page.
#[derive(Clone, Debug)]
pub struct Element(String);

/// Why a command was not done.
#[derive(Debug)]
pub(super) struct Trouble {
    /// WebDriver's name for it.
    kind: String,
    message: String,
}

impl Element {
    pub(super) fn from_reference(value: &Value) -> Option<Self> {
        Some(Self(value.get(ELEMENT)?.as_str()?.to_owned()))
    }

    /// As scripts and commands take it.
    pub fn reference(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

impl Trouble {
    /// Whether trying again may help: the page was just being drawn.
    pub(super) fn passes(&self) -> bool {
        [
            "element click intercepted",
            "element not interactable",
            "no such frame",
            "stale element reference",
        ]
        .contains(&self.kind.as_str())
    }

    fn other(message: impl fmt::Display) -> Self {
        Self {
            kind: "no answer".to_owned(),
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.message, self.kind)
    }
}

impl Driver {
    /// Starts a driver and lets it open the program.
    pub(super) fn start(
        program: &Path,
        arguments: &[&str],
        environment: &[(String, String)],
    ) -> Result<Self, Trouble> {
        let (process, port) = Self::listening(environment)?;
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(ANSWER))
            .build()
            .into();
        let root = format!("http://127.0.0.1:{port}/session");
        let mut driver = Self {
            process,
            agent,
            session: root,
        };
        let options = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "webkitgtk:browserOptions": options });
        let body = json!({ "capabilities": { "alwaysMatch": wanted } });
        let patience = super::PATIENCE.as_millis();
        let opened = driver.send(&driver.session, Some(&body))?;
        let id = opened["sessionId"]
            .as_str()
            .ok_or_else(|| Trouble::other(format!("the driver opened no session: {opened}")))?;
        driver.session = format!("{}/{id}", driver.session);
        driver.post("timeouts", &json!({ "script": patience }))?;
        Ok(driver)
    }

    /// A driver that listens, and where.
    fn listening(environment: &[(String, String)]) -> Result<(Child, u16), Trouble> {
        for _ in 0..STARTS {
            let port = crate::free_port();
            let mut process = Command::new("WebKitWebDriver")
                .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
                .envs(environment.iter().cloned())
                .stdin(Stdio::null())
                .spawn()
                .map_err(|error| {
                    Trouble::other(format!("WebKitWebDriver does not start: {error}"))
                })?;
            let deadline = Instant::now() + START;
            while matches!(process.try_wait(), Ok(None)) {
                if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Ok((process, port));
                }
                if Instant::now() > deadline {
                    let _ = process.kill();
                    let _ = process.wait();
                    return Err(Trouble::other("WebKitWebDriver does not listen"));
                }
                std::thread::sleep(super::PAUSE);
            }
        }
        Err(Trouble::other("WebKitWebDriver ends at once"))
    }

    /// Whether a process is the driver's own.
    pub(super) fn is(&self, process: &Process) -> bool {
        process.id() == self.process.id()
    }

    pub(super) fn get(&self, command: &str) -> Result<Value, Trouble> {
        self.send(&format!("{}/{command}", self.session), None)
    }

    pub(super) fn post(&self, command: &str, body: &Value) -> Result<Value, Trouble> {
        self.send(&format!("{}/{command}", self.session), Some(body))
    }

    pub(super) fn click(&self, element: &Element) -> Result<(), Trouble> {
        self.post(&format!("element/{}/click", element.0), &json!({}))
            .map(drop)
    }

    pub(super) fn screenshot(&self) -> Result<Vec<u8>, Trouble> {
        let image = self.get("screenshot")?;
        STANDARD
            .decode(image.as_str().unwrap_or_default())
            .map_err(Trouble::other)
    }

    fn send(&self, address: &str, body: Option<&Value>) -> Result<Value, Trouble> {
        let answer = match body {
            Some(body) => self
                .agent
                .post(address)
                .header("content-type", "application/json")
                .send(body.to_string()),
            None => self.agent.get(address).call(),
        };
        let text = answer
            .and_then(|mut answer| {
                answer
                    .body_mut()
                    .with_config()
                    .limit(64 << 20)
                    .read_to_string()
            })
            .map_err(|error| Trouble::other(format!("the driver does not answer: {error}")))?;
        let mut answer: Value = serde_json::from_str(&text).map_err(Trouble::other)?;
        let value = answer["value"].take();
        match value["error"].as_str() {
            Some(kind) => Err(Trouble {
                kind: kind.to_owned(),
                message: value["message"].as_str().unwrap_or_default().to_owned(),
            }),
            None => Ok(value),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
