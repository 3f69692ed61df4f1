//! A loopback server before a real one that lets one call through at a time and keeps what was sent, so that what a program sends
//! side by side comes in the same order in every run.
//!
//! Comes in: the program's calls of the IAM and STS query protocol. Goes out: the answers of the server behind it, or a refusal;
//! and, for the test, every call with its parameters in the order in which they were sent.
//!
//! The order: calls are held until the program is at rest (all its threads sleep, and nothing that it sent is unread). What has
//! come until then is one wave; within it the calls are sorted by their text. The first of all that are held is answered, the
//! program comes to rest again, and so on. So the next thing that it does follows from one answer, and not from two that race.
//! The threads' states are read from /proc, which only Linux has.
//!
//! On a machine that is very busy an answer may come after the program has given up waiting, and it asks again. A read that was
//! answered and is sent again by the SDK is answered again, and kept once; a write is kept each time.

use std::collections::HashSet;
use std::fs;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use iamwalk::practice::protocol::{SignedBy, key_of_authorization};

use super::proxy::{answer, forward, message};
use super::served;

/// How often the program has to be seen at rest since it sent or was told something, and the pause between two looks. (Not in a
/// row: a sign that moves on its screen wakes it again and again.)
const MAX_RECONCILIATIONS: usize = 3;
const PAUSE: Duration = Duration::from_millis(2);

/// A call that is held for longer is let through, before the program gives it up: an order that may differ is better than that.
const HELD_AT_MOST: Duration = Duration::from_secs(6);

/// How long rest may take to come: these machines are shared and slow at times.
const PATIENCE: Duration = Duration::from_secs(60);

/// A call of the turnstile's own.
const FIRST: &str = "Action=GetCallerIdentity&Version=2011-06-15";

fn first_call() -> String {
    let key = served::KEYS[0].1;
    format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nauthorization: AWS4-HMAC-SHA256 \
         Credential={key}/20261122/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}",
        FIRST.len()
    )
}

/// A call as it was sent, and how it was answered.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// What was sent side by side has the same number.
    pub wave: usize,
    pub signed_by: SignedBy,
    pub parameters: Form,
    pub status: u16,
    /// The error code of a refusal.
    pub code: Option<String>,
}

impl Sent {
    pub fn get(&self, name: &str) -> &str {
        self.parameters.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    pub fn action(&self) -> &str {
        self.get("Action")
    }

    fn is_read(&self) -> bool {
        ["Get", "List", "Simulate"].iter().any(|read| self.action().starts_with(read))
    }
}

#[derive(Default)]
struct Log {
    sent: Vec<Sent>,
    /// The secrets and passwords that went through.
    secrets: Vec<String>,
    program: Option<u32>,
    refused: Option<&'static str>,
    /// Somebody waits until the program is at rest with nothing held.
    is_rest_awaited: bool,
}

/// A running turnstile. It ends with the test's process.
pub struct Turnstile {
    log: Arc<Mutex<Log>>,
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
}

/// Starts one before this endpoint.
pub fn start(upstream: &str) -> Turnstile {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let log = Arc::new(Mutex::new(Log::default()));
    let upstream = upstream.trim_start_matches("http://").to_owned();
    // The first call makes the account, which takes its time: none of the program's is to wait for that.
    forward(&upstream, &first_call(), FIRST.as_bytes()).expect("the server behind answers");
    let (lines, held, answered) = (Vec::new(), Vec::new(), HashSet::new());
    let mut gate = Gate { listener, upstream, lines, held, wave: 0, answered, log: Arc::clone(&log) };
    thread::spawn(move || gate.serve());
    Turnstile { log, endpoint }
}

impl Turnstile {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The program whose calls come now; before this is reported no call is answered.
    pub fn watch(&self, program: u32) {
        self.log().program = Some(program);
    }

    /// From here on this action is refused.
    pub fn refuse(&self, action: Option<&'static str>) {
        self.log().refused = action;
    }

    /// Waits until the program is at rest, and waits for no answer.
    pub fn calm(&self) {
        let start = Instant::now();
        self.log().is_rest_awaited = true;
        while self.log().is_rest_awaited {
            assert!(start.elapsed() < PATIENCE, "the program never rests");
            thread::sleep(PAUSE);
        }
    }

    /// The calls since the last time that this was asked; the program of before is watched no more.
    pub fn take(&self) -> Vec<Sent> {
        let mut log = self.log();
        log.program = None;
        std::mem::take(&mut log.sent)
    }

    /// Every secret and password that ever went through.
    pub fn secrets(&self) -> Vec<String> {
        self.log().secrets.clone()
    }
}

/// A connection of the program, and what came on it and is no whole call yet.
struct Line {
    stream: TcpStream,
    unread: Vec<u8>,
    is_open: bool,
}

/// A call that waits for its turn.
struct Held {
    line: usize,
    head: String,
    body: Vec<u8>,
    sent: Sent,
    since: Instant,
}

struct Gate {
    listener: TcpListener,
    upstream: String,
    lines: Vec<Line>,
    held: Vec<Held>,
    wave: usize,
    /// The SDK's ids of the reads that were answered; an attempt more has the same.
    answered: HashSet<String>,
    log: Arc<Mutex<Log>>,
}

impl Gate {
    fn serve(&mut self) {
        let mut reconciliations = 0;
        // Who started it is the other one that has the log.
        while Arc::strong_count(&self.log) > 1 {
            if self.hears() {
                reconciliations = 0;
                continue;
            }
            let (program, is_awaited) = {
                let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
                (log.program, log.is_rest_awaited)
            };
            // A look costs more than all the rest, and is taken only where something depends on it.
            if is_awaited || !self.held.is_empty() {
                reconciliations += usize::from(program.is_some_and(is_at_rest));
            }
            let is_late = self.held.first().is_some_and(|held| held.since.elapsed() > HELD_AT_MOST);
            if !self.held.is_empty() && (reconciliations >= MAX_RECONCILIATIONS || is_late) {
                self.let_one_through();
                reconciliations = 0;
            } else if is_awaited && reconciliations >= MAX_RECONCILIATIONS {
                self.log.lock().unwrap_or_else(PoisonError::into_inner).is_rest_awaited = false;
                reconciliations = 0;
            }
            thread::sleep(PAUSE);
        }
    }

    /// Takes what has come; whether there was something.
    fn hears(&mut self) -> bool {
        let mut heard = false;
        while let Ok((stream, _)) = self.listener.accept() {
            stream.set_nonblocking(true).unwrap();
            // An answer that waits for an acknowledgement would come after the next one.
            stream.set_nodelay(true).unwrap();
            self.lines.push(Line { stream, unread: Vec::new(), is_open: true });
            heard = true;
        }
        let mut buffer = [0; 16 * 1024];
        for (at, line) in self.lines.iter_mut().enumerate().filter(|(_, line)| line.is_open) {
            loop {
                match line.stream.read(&mut buffer) {
                    Ok(n @ 1..) => line.unread.extend_from_slice(&buffer[..n]),
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                    _ => line.is_open = false,
                }
                heard = true;
                if !line.is_open {
                    break;
                }
            }
            let mut rest = line.unread.as_slice();
            if let Some((head, body)) = message(&mut rest) {
                // The program sends no call before the answer to the one before.
                line.unread.clear();
                let sent = Sent { wave: self.wave, signed_by: signed_by(&head), parameters: form(&body), ..Sent::default() };
                self.held.push(Held { line: at, head, body, sent, since: Instant::now() });
            }
        }
        heard
    }

    fn let_one_through(&mut self) {
        self.held.sort_by_cached_key(|held| (held.sent.wave, held.sent.parameters.clone()));
        self.wave += 1;
        let Held { line, head, body, mut sent, .. } = self.held.remove(0);
        let refused = self.log.lock().unwrap_or_else(PoisonError::into_inner).refused;
        let (status, body) = if refused == Some(sent.action()) {
            let code = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>by the test</Message></Error>\
                        <RequestId>x</RequestId></ErrorResponse>";
            (403, code.as_bytes().to_vec())
        } else {
            forward(&self.upstream, &head, &body).expect("the server behind answers")
        };
        let text = String::from_utf8_lossy(&body);
        sent.status = status;
        sent.code = (status != 200).then(|| between(&text, "<Code>", "</Code>").unwrap_or_default().to_owned());
        let password = Some(sent.get("Password")).filter(|password| !password.is_empty());
        let secrets = [between(&text, "<SecretAccessKey>", "</SecretAccessKey>"), password];
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.secrets.extend(secrets.into_iter().flatten().map(str::to_owned));
        let is_repeated = sent.is_read()
            && status < 500
            && header(&head, "amz-sdk-invocation-id").is_some_and(|id| !self.answered.insert(id.to_owned()));
        if !is_repeated {
            log.sent.push(sent);
        }
        drop(log);
        let stream = &self.lines[line].stream;
        stream.set_nonblocking(false).unwrap();
        // Who has gone meanwhile needs no answer.
        let _ = answer(stream, status, &body);
        let _ = stream.set_nonblocking(true);
    }
}

fn header<'a>(head: &'a str, wanted: &str) -> Option<&'a str> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
}

fn signed_by(head: &str) -> SignedBy {
    header(head, "authorization").and_then(key_of_authorization).unwrap_or_default()
}

/// The parameters of a call, in the order of its form.
pub type Form = Vec<(String, String)>;

/// Reads them.
pub fn form(body: &[u8]) -> Form {
    form_urlencoded::parse(body).into_owned().collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

/// Whether all threads of a program sleep, or it is gone: nothing comes of it until it is answered, or a wait of its own is over.
fn is_at_rest(program: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{program}/task")) else { return true };
    threads.flatten().all(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        let state = stat.rsplit(") ").next().and_then(|rest| rest.chars().next());
        matches!(state, None | Some('S' | 'Z' | 'X'))
    })
}
