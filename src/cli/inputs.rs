//! Keys, pastes and clicks from the terminal, and the system's signals, as the loop's input.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use crossterm::event::{Event, EventStream, KeyEventKind};
use futures_util::StreamExt;
use tokio::sync::mpsc::error::SendError;
use tokio::sync::mpsc::{UnboundedSender, WeakUnboundedSender, unbounded_channel};
use tokio::sync::watch;
use zeroize::Zeroizing;

#[cfg(unix)]
use iamwalk::app::event::Signal;
use iamwalk::domain::secret::Secret;
use iamwalk::faces::Input;
use iamwalk::faces::accessible::{END_OF_INPUT, UNREADABLE};
use iamwalk::runtime::Inputs;

/// So many keys in one read were not pressed one after the other.
const BURST: usize = 3;
/// The longest line of a terminal's line mode (Linux: 4095 characters and their end); a longer one is cut.
const LINE: usize = 4096;
/// A burst goes on as long as its next key comes within this; a key that is held down repeats more slowly.
const BURST_PAUSE: Duration = Duration::from_millis(20);

/// Everything that a full screen hears. The channel ends when the terminal can't be read any more.
///
/// The terminal is read on a thread of its own: crossterm reads one that hung up in a circle, which would hold a worker of the
/// runtime, and with it the task that waits next on that worker. The threads begin once the terminal is ours, which is after the
/// first frame: threads that begin slow down whatever draws.
pub fn terminal() -> Inputs {
    let (sender, heard) = unbounded_channel();
    let (lent, mut is_lent) = watch::channel(true);
    watch_signals(&sender.downgrade(), &[&ENDING[..], &STOPPING[..]].concat());
    tokio::spawn(async move {
        if is_lent.wait_for(|is_lent| !is_lent).await.is_err() {
            return;
        }
        watch_for_the_end(&sender);
        // Without the thread the channel ends, as it does without a terminal.
        let _ = std::thread::Builder::new().name("keys".to_owned()).spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() {
                runtime.block_on(listen(&sender, is_lent));
            }
        });
    });
    Inputs { heard, lent }
}

/// Sends what is typed while the terminal is ours, until it can't be read or nobody hears.
async fn listen(sender: &UnboundedSender<Input>, mut is_lent: watch::Receiver<bool>) {
    // A terminal that says what is pasted sends its keys one by one.
    let mut says_pastes = false;
    while is_lent.wait_for(|is_lent| !is_lent).await.is_ok() {
        let mut events = EventStream::new();
        loop {
            let read = tokio::select! {
                read = read(&mut events) => read,
                _ = is_lent.wait_for(|is_lent| *is_lent) => break,
            };
            let Some(read) = read else { return };
            says_pastes |= read.iter().any(|event| matches!(event, Event::Paste(_)));
            if send(read, says_pastes, sender).is_err() {
                return;
            }
        }
    }
}

fn is_press(event: &Event) -> bool {
    matches!(event, Event::Key(key) if key.kind != KeyEventKind::Release)
}

/// What came at once; `None` at the terminal's end.
async fn read(events: &mut EventStream) -> Option<Vec<Event>> {
    let mut read = vec![events.next().await?.ok()?];
    // What has arrived already. It is this task that has to be woken for what comes later, so it asks itself.
    while let Some(Some(Ok(event))) = poll_fn(|task| Poll::Ready(at_once(events, task))).await {
        read.push(event);
    }
    while read.iter().filter(|event| is_press(event)).count() >= BURST {
        match tokio::time::timeout(BURST_PAUSE, events.next()).await {
            Ok(Some(Ok(event))) => read.push(event),
            _ => break,
        }
    }
    Some(read)
}

fn at_once(events: &mut EventStream, task: &mut Context<'_>) -> Option<Option<std::io::Result<Event>>> {
    match events.poll_next_unpin(task) {
        Poll::Ready(event) => Some(event),
        Poll::Pending => None,
    }
}

/// Tells of what was read: keys one by one, or as a burst.
fn send(read: Vec<Event>, says_pastes: bool, to: &UnboundedSender<Input>) -> Result<(), SendError<Input>> {
    if says_pastes || read.iter().filter(|event| is_press(event)).count() < BURST {
        return read.into_iter().try_for_each(|event| to.send(Input::Terminal(event)));
    }
    let (keys, others): (Vec<Event>, Vec<Event>) = read.into_iter().partition(|event| matches!(event, Event::Key(_)));
    others.into_iter().try_for_each(|event| to.send(Input::Terminal(event)))?;
    to.send(Input::Burst(keys))
}

/// Asks the terminal for lines, one at a time.
pub struct LineReads {
    wanted: std::sync::mpsc::Sender<()>,
    proceeds: WeakUnboundedSender<Input>,
}

impl LineReads {
    pub fn line(&self) {
        // A reader that is gone has said so.
        let _ = self.wanted.send(());
    }

    pub fn proceed(&self) {
        if let Some(sender) = self.proceeds.upgrade() {
            let _ = sender.send(Input::Proceed);
        }
    }
}

/// What a conversation in lines hears, once it begins.
pub struct LineInputs {
    sender: UnboundedSender<Input>,
    wanted: std::sync::mpsc::Receiver<()>,
    heard: tokio::sync::mpsc::UnboundedReceiver<Input>,
}

/// Lines of the terminal, each as it is asked for, and the system's signals.
pub fn lines() -> (LineReads, LineInputs) {
    let (sender, heard) = unbounded_channel();
    let (wants, wanted) = std::sync::mpsc::channel();
    (LineReads { wanted: wants, proceeds: sender.downgrade() }, LineInputs { sender, wanted, heard })
}

impl LineInputs {
    /// Begins to listen. Where a line ends that holds a secret: in the conversation, which wipes it.
    pub fn begin(self) -> Inputs {
        let Self { sender, wanted, heard } = self;
        watch_signals(&sender.downgrade(), &ENDING);
        watch_for_the_end(&sender);
        // Without the thread the channel ends, as it does without a terminal.
        let _ = std::thread::Builder::new().name("lines".to_owned()).spawn(move || {
            while wanted.recv().is_ok() {
                let Ok(line) = read_line() else { return };
                if sender.send(Input::Line(line)).is_err() {
                    return;
                }
            }
        });
        Inputs { heard, lent: watch::channel(false).0 }
    }
}

/// One line of the terminal, without its end. Where a secret in it ends: in the conversation; nothing is left in a buffer here.
#[cfg(unix)]
fn read_line() -> std::io::Result<Secret> {
    // In its line mode a terminal gives a line at a time, and none that is longer.
    let mut buffer = Zeroizing::new([0_u8; LINE]);
    let length = loop {
        match rustix::io::read(std::io::stdin(), &mut buffer[..]) {
            Err(rustix::io::Errno::INTR) => {}
            read => break read?,
        }
    };
    Ok(line_of(&buffer[..length]))
}

#[cfg(not(unix))]
fn read_line() -> std::io::Result<Secret> {
    use std::io::BufRead;
    let mut line = Zeroizing::new(Vec::with_capacity(LINE));
    std::io::stdin().lock().read_until(b'\n', &mut line)?;
    Ok(line_of(&line))
}

/// What was typed. Ctrl-D ends the input; what is no UTF-8, and what may have been cut off by the terminal, can't be used.
fn line_of(bytes: &[u8]) -> Secret {
    let text = std::str::from_utf8(bytes).ok().filter(|_| bytes.len() < LINE);
    Secret::new(match text {
        Some("") => END_OF_INPUT.to_owned(),
        Some(line) => line.trim_end_matches(['\r', '\n']).to_owned(),
        None => UNREADABLE.to_owned(),
    })
}

/// The system's signals alone.
pub fn signals() -> Inputs {
    let (sender, heard) = unbounded_channel();
    watch_signals(&sender.downgrade(), &ENDING);
    tokio::spawn(async move {
        // The channel stays open as long as the program runs.
        std::future::pending::<()>().await;
        drop(sender);
    });
    Inputs { heard, lent: watch::channel(false).0 }
}

/// A terminal that goes away need not send SIGHUP to us, and crossterm's reader does not notice: the system tells it of the
/// file itself.
#[cfg(unix)]
fn watch_for_the_end(sender: &UnboundedSender<Input>) {
    use rustix::event::{PollFd, PollFlags, poll};
    let sender = sender.downgrade();
    // Without a thread the signal has to do. It waits without waking: no key is among what it asks for.
    let _ = std::thread::Builder::new().name("terminal".to_owned()).spawn(move || {
        let input = std::io::stdin();
        let mut watched = [PollFd::new(&input, PollFlags::empty())];
        while let Err(rustix::io::Errno::INTR) = poll(&mut watched, None) {}
        let gone = watched[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        if let Some(sender) = sender.upgrade().filter(|_| gone) {
            let _ = sender.send(Input::Signal(Signal::HangUp));
        }
    });
}

#[cfg(not(unix))]
fn watch_for_the_end(_: &UnboundedSender<Input>) {}

/// A signal, and what is heard of it.
#[cfg(unix)]
type Heard = (i32, fn() -> Input);

#[cfg(unix)]
const ENDING: [Heard; 3] = [
    (rustix::process::Signal::INT.as_raw(), || Input::Signal(Signal::Interrupt)),
    (rustix::process::Signal::TERM.as_raw(), || Input::Signal(Signal::Terminate)),
    (rustix::process::Signal::HUP.as_raw(), || Input::Signal(Signal::HangUp)),
];

/// A full screen has to be given back before the program stops.
#[cfg(unix)]
const STOPPING: [Heard; 1] = [(rustix::process::Signal::TSTP.as_raw(), || Input::Suspend)];

/// Where the system gives no handler a signal does what it always does.
#[cfg(unix)]
fn watch_signals(sender: &WeakUnboundedSender<Input>, signals: &[Heard]) {
    use tokio::signal::unix::{Signal as Listener, SignalKind, signal};
    let listener = |(kind, input): &Heard| Some((signal(SignalKind::from_raw(*kind)).ok()?, *input));
    let mut listeners: Vec<_> = signals.iter().filter_map(listener).collect();
    let sender = sender.clone();
    tokio::spawn(async move {
        loop {
            let input = poll_fn(|task| {
                let heard = |(listener, input): &mut (Listener, fn() -> Input)| listener.poll_recv(task).is_ready().then(*input);
                listeners.iter_mut().find_map(heard).map_or(Poll::Pending, Poll::Ready)
            });
            let input = input.await;
            let Some(sender) = sender.upgrade() else { break };
            let _ = sender.send(input);
        }
    });
}

#[cfg(not(unix))]
const ENDING: [(); 0] = [];

#[cfg(not(unix))]
const STOPPING: [(); 0] = [];

#[cfg(not(unix))]
fn watch_signals(_: &WeakUnboundedSender<Input>, _: &[()]) {}
