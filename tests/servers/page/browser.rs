//! A real browser, driven over a pair of pipes by the `DevTools` protocol.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde_json::{Value, json};

use crate::stack::{DEADLINE, Running, folder};

/// One browser with one page.
pub(crate) struct Browser {
    _running: Running,
    to: File,
    from: Receiver<Value>,
    session: Option<String>,
    calls: u64,
    /// What happened while an answer was awaited.
    events: Vec<Value>,
}

impl Browser {
    /// An empty page; the name is that of the test's folder.
    pub(crate) fn start(name: &str) -> Browser {
        let folder = folder(name);
        let (to, from) = (folder.join("to"), folder.join("from"));
        let made = Command::new("mkfifo").args([&to, &from]).status().unwrap();
        assert!(made.success(), "mkfifo: {made}");
        let mut command = Command::new("sh");
        command.args(["-c", "exec \"$0\" \"$@\" 3<to 4>from", "chromium-headless-shell"]);
        command.args(["--no-sandbox", "--disable-gpu", "--remote-debugging-pipe", "--user-data-dir=profile"]);
        command.arg("--force-color-profile=srgb").current_dir(&folder);
        command.stdout(Stdio::null()).stderr(File::create(folder.join("log")).unwrap());
        let running =
            Running::start(&mut command, "install Debian's package chromium-headless-shell, or run ./check");
        // Each waits for the other side to open it.
        let to = OpenOptions::new().write(true).open(to).unwrap();
        let from = answers(File::open(from).unwrap());
        let mut browser =
            Browser { _running: running, to, from, session: None, calls: 0, events: Vec::new() };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let target = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", target);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network", "Accessibility"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser
    }

    /// Calls a method of the protocol.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        write!(self.to, "{call}\0").unwrap();
        loop {
            let mut message = self.from.recv_timeout(DEADLINE).expect("the browser answers");
            if message["id"] != json!(self.calls) {
                self.events.push(message);
            } else if message["error"].is_null() {
                return message["result"].take();
            } else {
                panic!("{method}: {}", message["error"]);
            }
        }
    }

    pub(crate) fn open(&mut self, url: &str) {
        let opened = self.call("Page.navigate", json!({ "url": url }));
        assert!(opened["errorText"].is_null(), "{opened}");
    }

    /// The value of an expression in the page; a promise's, once it is kept.
    #[track_caller]
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// The text of what a selector finds, as it is seen.
    #[track_caller]
    pub(crate) fn text(&mut self, selector: &str) -> String {
        let found = format!("document.querySelector({})", json!(selector));
        let text = self.eval(&format!("{found}?.checkVisibility() ? {found}.innerText : ''"));
        text.as_str().unwrap().to_owned()
    }

    /// The texts of a table's cells, by row.
    #[track_caller]
    pub(crate) fn rows(&mut self, table: &str) -> Vec<Vec<String>> {
        let rows = format!("[...document.getElementById({}).tBodies[0].rows]", json!(table));
        let cells = self.eval(&format!("{rows}.map(row => [...row.cells].map(cell => cell.textContent))"));
        serde_json::from_value(cells).unwrap()
    }

    /// Waits until what a selector finds has this text in it.
    #[track_caller]
    pub(crate) fn until(&mut self, selector: &str, text: &str) -> String {
        crate::stack::eventually(&format!("{text:?} in {selector}"), || {
            let found = self.text(selector);
            if found.contains(text) { Ok(found) } else { Err(format!("{found:?}")) }
        })
    }

    pub(crate) fn press(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let code = match key {
                "Tab" => 9,
                "Enter" => 13,
                " " => 32,
                "ArrowDown" => 40,
                "ArrowRight" => 39,
                other => panic!("no code is known of {other}"),
            };
            let mut event = json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code });
            match key {
                "Enter" => event["text"] = json!("\r"),
                " " => event["text"] = json!(" "),
                _ => {}
            }
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
    }

    pub(crate) fn color_scheme(&mut self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    pub(crate) fn size(&mut self, width: u32, height: u32, mobile: bool) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// What is seen of the page as a picture, for people to look at.
    pub(crate) fn picture(&mut self, file: &Path) {
        let mut picture = self.call("Page.captureScreenshot", json!({}));
        let Value::String(data) = picture["data"].take() else { panic!("no picture: {picture}") };
        let encoded = file.with_extension("base64");
        fs::write(&encoded, data).unwrap();
        let decoded = Command::new("base64").arg("-d").arg(&encoded).output().unwrap();
        assert!(decoded.status.success(), "{}", String::from_utf8_lossy(&decoded.stderr));
        fs::write(file, decoded.stdout).unwrap();
        fs::remove_file(encoded).unwrap();
    }

    /// Everything that the console has said so far: calls, exceptions, and what the browser itself complains of.
    pub(crate) fn console(&mut self) -> Vec<String> {
        self.eval("0");
        let said = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
        self.happened(|event| said.contains(&event["method"].as_str()?).then(|| event["params"].to_string()))
    }

    /// The addresses of everything that was asked for.
    pub(crate) fn requests(&mut self) -> Vec<String> {
        self.eval("0");
        self.happened(|event| {
            (event["method"] == "Network.requestWillBeSent")
                .then(|| event["params"]["request"]["url"].as_str().unwrap().to_owned())
        })
    }

    fn happened(&self, of: impl Fn(&Value) -> Option<String>) -> Vec<String> {
        self.events.iter().filter_map(of).collect()
    }
}

/// The browser's messages, each of which ends with a zero.
fn answers(from: File) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for message in BufReader::new(from).split(0) {
            let Ok(message) = message else { return };
            let message = serde_json::from_slice(&message).unwrap();
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}
