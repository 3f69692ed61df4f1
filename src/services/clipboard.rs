//! The clipboard: one handle, on its own thread, for the program's life (on X11 the text is gone when its owner is).

use std::sync::{Arc, OnceLock, mpsc};

use tokio::sync::oneshot;

use crate::domain::secret::Secret;

/// What the thread is asked for, and whom it tells whether it was done.
enum Request {
    /// Copy this; `is_secret`: keep it out of the history, and clear it later.
    Copy { text: Secret, is_secret: bool, done: oneshot::Sender<bool> },
    /// Clear the secret that was copied, if it still is there.
    Clear { done: oneshot::Sender<bool> },
}

/// The system's clipboard. Thread and connection are made at the first copy: a display may take its time.
#[derive(Clone, Debug, Default)]
pub struct Clipboard(Arc<OnceLock<mpsc::Sender<Request>>>);

fn start() -> mpsc::Sender<Request> {
    let (sender, receiver) = mpsc::channel::<Request>();
    // Without a thread the receiver is dropped, and every copy fails as it does without a display.
    let _ = std::thread::Builder::new().name("clipboard".to_owned()).spawn(move || serve(&receiver));
    sender
}

fn serve(requests: &mpsc::Receiver<Request>) {
    let mut clipboard = None;
    let mut ours: Option<Secret> = None;
    for request in requests {
        match request {
            Request::Copy { text, is_secret, done } => {
                // Any error means "no clipboard here": without a display arboard reports a kind of its own each time.
                if clipboard.is_none() {
                    clipboard = arboard::Clipboard::new().ok();
                }
                let copied = clipboard.as_mut().is_some_and(|clipboard| set(clipboard, &text, is_secret).is_ok());
                ours = Some(text).filter(|_| copied && is_secret);
                let _ = done.send(copied);
            }
            Request::Clear { done } => {
                let cleared = match (&mut clipboard, ours.take()) {
                    (Some(clipboard), Some(text)) => {
                        clipboard.get_text().is_ok_and(|now| zeroize::Zeroizing::new(now).as_str() == text.expose())
                            && clipboard.clear().is_ok()
                    }
                    _ => false,
                };
                let _ = done.send(cleared);
            }
        }
    }
}

/// Managers of clipboard histories are asked to pass over a secret; each platform has its own word for it.
fn set(clipboard: &mut arboard::Clipboard, text: &Secret, is_secret: bool) -> Result<(), arboard::Error> {
    let set = clipboard.set();
    #[cfg(target_os = "linux")]
    let set = if is_secret { arboard::SetExtLinux::exclude_from_history(set) } else { set };
    #[cfg(target_os = "macos")]
    let set = if is_secret { arboard::SetExtApple::exclude_from_history(set) } else { set };
    #[cfg(windows)]
    let set = if is_secret {
        let set = arboard::SetExtWindows::exclude_from_history(set);
        arboard::SetExtWindows::exclude_from_cloud(set)
    } else {
        set
    };
    let _ = is_secret;
    set.text(text.expose())
}

impl Clipboard {
    /// Copies a text. `false` where there is no display, or where the program runs on another machine over SSH: its
    /// clipboard would not be the person's. Where the text ends: in the system's clipboard.
    pub async fn copy(&self, text: Secret, is_secret: bool) -> bool {
        let remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| std::env::var_os(name).is_some());
        let (done, answer) = oneshot::channel();
        let request = Request::Copy { text, is_secret, done };
        !remote && self.0.get_or_init(start).send(request).is_ok() && answer.await.unwrap_or(false)
    }

    /// Clears the secret that was copied last, if the clipboard still holds it. Whether it did.
    pub async fn clear(&self) -> bool {
        let Some(thread) = self.0.get() else { return false };
        let (done, answer) = oneshot::channel();
        thread.send(Request::Clear { done }).is_ok() && answer.await.unwrap_or(false)
    }
}
