//! The clipboard: one handle, on its own thread, for the program's life (on X11 the text is gone when its owner is).

use std::sync::{Arc, OnceLock, mpsc};

use tokio::sync::oneshot;

use crate::domain::secret::Secret;

struct Copy {
    text: Secret,
    done: oneshot::Sender<bool>,
}

/// The system's clipboard. Thread and connection are made at the first copy: a display may take its time.
#[derive(Clone, Debug, Default)]
pub struct Clipboard(Arc<OnceLock<mpsc::Sender<Copy>>>);

fn start() -> mpsc::Sender<Copy> {
    let (sender, receiver) = mpsc::channel::<Copy>();
    // Without a thread the receiver is dropped, and every copy fails as it does without a display.
    let _ = std::thread::Builder::new().name("clipboard".to_owned()).spawn(move || serve(&receiver));
    sender
}

fn serve(copies: &mpsc::Receiver<Copy>) {
    let mut clipboard = None;
    for Copy { text, done } in copies {
        // Any error means "no clipboard here": without a display arboard reports a kind of its own each time.
        if clipboard.is_none() {
            clipboard = arboard::Clipboard::new().ok();
        }
        let copied = clipboard.as_mut().is_some_and(|clipboard| clipboard.set_text(text.expose()).is_ok());
        let _ = done.send(copied);
    }
}

impl Clipboard {
    /// Copies a text. `false` where there is no display, or where the program runs on another machine over SSH: its
    /// clipboard would not be the person's. Where the text ends: in the system's clipboard.
    pub async fn copy(&self, text: Secret) -> bool {
        let remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| std::env::var_os(name).is_some());
        let (done, answer) = oneshot::channel();
        !remote && self.0.get_or_init(start).send(Copy { text, done }).is_ok() && answer.await.unwrap_or(false)
    }
}
