//! The terminal, lent to a program that may ask the person something.

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

#[derive(Debug)]
pub struct Loan {
    /// What runs, for the person.
    pub words: String,
    /// The terminal is the borrower's from here on.
    pub granted: oneshot::Sender<()>,
    /// Ends when the borrower has no more use for it.
    pub returned: oneshot::Receiver<()>,
}

/// Where the terminal can be borrowed; without anybody who lends it, it is the borrower's already.
#[derive(Clone, Debug, Default)]
pub struct Lender(Option<UnboundedSender<Loan>>);

/// Held while the terminal is borrowed.
#[derive(Debug)]
pub(super) struct Borrowed(#[expect(dead_code, reason = "dropping it gives the terminal back")] Option<oneshot::Sender<()>>);

impl Lender {
    /// Asks here.
    pub fn new(wishes: UnboundedSender<Loan>) -> Self {
        Self(Some(wishes))
    }

    pub(super) async fn borrow(&self, words: String) -> Borrowed {
        let Some(wishes) = &self.0 else { return Borrowed(None) };
        let ((granted, grant), (back, returned)) = (oneshot::channel(), oneshot::channel());
        if wishes.send(Loan { words, granted, returned }).is_ok() {
            let _ = grant.await;
        }
        Borrowed(Some(back))
    }
}
