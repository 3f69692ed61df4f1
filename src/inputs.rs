//! Keys, pastes and clicks from the terminal, and the system's signals, as the loop's input.

use crossterm::event::EventStream;
use futures_util::StreamExt;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel};

use iamwalk::app::event::Signal;
use iamwalk::runtime::Input;

/// Everything that a full screen hears. The channel ends when the terminal can't be read any more.
pub fn terminal() -> UnboundedReceiver<Input> {
    let (sender, receiver) = unbounded_channel();
    watch_signals(&sender.downgrade());
    watch_suspension(&sender.downgrade());
    watch_for_the_end(&sender);
    tokio::spawn(async move {
        let mut events = EventStream::new();
        while let Some(Ok(event)) = events.next().await {
            if sender.send(Input::Terminal(event)).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The system's signals alone.
pub fn signals() -> UnboundedReceiver<Input> {
    let (sender, receiver) = unbounded_channel();
    watch_signals(&sender.downgrade());
    tokio::spawn(async move {
        // The channel stays open as long as the program runs.
        std::future::pending::<()>().await;
        drop(sender);
    });
    receiver
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

#[cfg(unix)]
fn watch_signals(sender: &WeakUnboundedSender<Input>) {
    use tokio::signal::unix::SignalKind;
    watch_signal(sender, SignalKind::interrupt(), || Input::Signal(Signal::Interrupt));
    watch_signal(sender, SignalKind::terminate(), || Input::Signal(Signal::Terminate));
    watch_signal(sender, SignalKind::hangup(), || Input::Signal(Signal::HangUp));
}

/// A full screen has to be given back before the program stops.
#[cfg(unix)]
fn watch_suspension(sender: &WeakUnboundedSender<Input>) {
    let stop = rustix::process::Signal::TSTP.as_raw();
    watch_signal(sender, tokio::signal::unix::SignalKind::from_raw(stop), || Input::Suspend);
}

#[cfg(unix)]
fn watch_signal(sender: &WeakUnboundedSender<Input>, kind: tokio::signal::unix::SignalKind, input: fn() -> Input) {
    // Where the system gives no handler the signal does what it always does.
    let Ok(mut listener) = tokio::signal::unix::signal(kind) else { return };
    let sender = sender.clone();
    tokio::spawn(async move {
        while listener.recv().await.is_some() {
            let Some(sender) = sender.upgrade() else { break };
            let _ = sender.send(input());
        }
    });
}

#[cfg(not(unix))]
fn watch_signals(_: &WeakUnboundedSender<Input>) {}

#[cfg(not(unix))]
fn watch_suspension(_: &WeakUnboundedSender<Input>) {}
