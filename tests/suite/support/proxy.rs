//! A loopback proxy before a real server: what a network, a proxy or a sudden end can do to a call, from outside the program.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and so does its answer.
    Pass,
    /// It is answered with this code and status, and has no effect.
    Refused(&'static str, u16),
    /// A web page with 200; no effect.
    Page,
    /// The connection closes at once; no effect.
    Dropped,
    /// It takes effect, and the connection closes without an answer.
    Lost,
    /// It takes effect, and the connection closes inside the answer.
    Cut,
    /// No answer for a long time; no effect.
    Hang,
    /// The program gets this signal before the call takes effect. After SIGKILL it has none.
    SignalAtRequest(&'static str),
    /// The program gets this signal when the call has taken effect, and no answer was sent yet.
    SignalAtEffect(&'static str),
    /// The program gets this signal with the answer.
    SignalAtAnswer(&'static str),
}

type Script = dyn Fn(&str, usize) -> Fate + Send + Sync;

struct Shared {
    upstream: String,
    script: Mutex<Arc<Script>>,
    calls: Mutex<Vec<String>>,
    program: Mutex<Option<u32>>,
}

/// A running proxy. It ends with the test's process.
pub struct Proxy {
    shared: Arc<Shared>,
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
}

/// Starts a proxy before this endpoint; `script` decides by a call's action and how often that was called before.
pub fn start(upstream: &str, script: impl Fn(&str, usize) -> Fate + Send + Sync + 'static) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let shared = Arc::new(Shared {
        upstream: upstream.trim_start_matches("http://").to_owned(),
        script: Mutex::new(Arc::new(script)),
        calls: Mutex::default(),
        program: Mutex::default(),
    });
    let serving = Arc::clone(&shared);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&serving);
            thread::spawn(move || while let Some(true) = shared.serve(&stream) {});
        }
    });
    Proxy { shared, endpoint }
}

impl Proxy {
    /// The program that signals go to.
    pub fn watch(&self, program: u32) {
        *self.shared.program.lock().unwrap() = Some(program);
    }

    /// Another script from here on; counting starts over.
    pub fn then(&self, script: impl Fn(&str, usize) -> Fate + Send + Sync + 'static) {
        *self.shared.script.lock().unwrap() = Arc::new(script);
        self.shared.calls.lock().unwrap().clear();
    }

    /// The actions called since the last script, in order.
    pub fn calls(&self) -> Vec<String> {
        self.shared.calls.lock().unwrap().clone()
    }
}

impl Shared {
    /// Serves one call; `None` when the connection is over.
    fn serve(&self, mut stream: &TcpStream) -> Option<bool> {
        let (head, body) = message(&mut stream)?;
        let action = body.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(b"Action="));
        let action = String::from_utf8_lossy(action.unwrap_or_default()).into_owned();
        let earlier = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(action.clone());
            calls.iter().filter(|call| **call == action).count() - 1
        };
        let fate = self.script.lock().unwrap().clone()(&action, earlier);
        match fate {
            Fate::Refused(code, status) => {
                let body = format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>by the proxy</Message></Error><RequestId>x</RequestId></ErrorResponse>"
                );
                return answer(stream, status, body.as_bytes());
            }
            Fate::Page => return answer(stream, 200, b"<!doctype html><html><body>Sign in to the network</body></html>"),
            Fate::Dropped => return None,
            Fate::Hang => {
                thread::sleep(Duration::from_secs(60));
                return None;
            }
            Fate::SignalAtRequest(signal) => {
                self.signal(signal);
                if signal == "-KILL" {
                    return None;
                }
            }
            _ => {}
        }
        let (status, whole) = forward(&self.upstream, &head, &body)?;
        match fate {
            Fate::Lost => None,
            Fate::Cut => {
                let half = &whole[..whole.len() / 2];
                let head = format!("HTTP/1.1 {status} OK\r\ncontent-type: text/xml\r\nconnection: close\r\n\r\n");
                stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(half)).ok()?;
                None
            }
            Fate::SignalAtEffect(signal) => {
                self.signal(signal);
                if signal == "-KILL" { None } else { answer(stream, status, &whole) }
            }
            Fate::SignalAtAnswer(signal) => {
                let answered = answer(stream, status, &whole);
                self.signal(signal);
                answered
            }
            _ => answer(stream, status, &whole),
        }
    }

    fn signal(&self, signal: &str) {
        if let Some(program) = *self.program.lock().unwrap() {
            let _ = std::process::Command::new("kill").args([signal, &program.to_string()]).status();
        }
    }
}

/// Sends a call to the server behind; its status and body.
pub fn forward(upstream: &str, head: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let mut server = TcpStream::connect(upstream).ok()?;
    let lines = head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:") && !line.is_empty());
    let head = lines.map(|line| format!("{line}\r\n")).collect::<String>() + "connection: close\r\n\r\n";
    server.write_all(head.as_bytes()).ok()?;
    server.write_all(body).ok()?;
    let (head, body) = message(&mut server)?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body))
}

pub(super) fn answer(mut stream: &TcpStream, status: u16, body: &[u8]) -> Option<bool> {
    // AWS's clock: the ownership of what a lost call made is proven by it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let date = aws_smithy_types::DateTime::from_secs(now as i64).fmt(aws_smithy_types::date_time::Format::HttpDate).unwrap();
    let head =
        format!("HTTP/1.1 {status} Status\r\ncontent-type: text/xml\r\ndate: {date}\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok()?;
    Some(true)
}

/// Reads one HTTP message: its head, and the body that its length tells of (or that the end of the connection ends).
pub(super) fn message(stream: &mut impl Read) -> Option<(String, Vec<u8>)> {
    let mut taken = Vec::new();
    let mut buffer = [0; 16 * 1024];
    let head_end = loop {
        if let Some(at) = taken.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            n => taken.extend_from_slice(&buffer[..n]),
        }
    };
    let head = String::from_utf8_lossy(&taken[..head_end]).into_owned();
    let mut body = taken.split_off(head_end + 4);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    while length.is_none_or(|length| body.len() < length) {
        match stream.read(&mut buffer) {
            Ok(n @ 1..) => body.extend_from_slice(&buffer[..n]),
            _ if length.is_none() => break,
            _ => return None,
        }
    }
    Some((head, body))
}
