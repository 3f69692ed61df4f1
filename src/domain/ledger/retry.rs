//! How a refusal or a lost answer is waited out: by what it was, how often, and how long each time.

use std::time::Duration;

use crate::domain::fault::{Fault, FaultKind};

/// A wait before a step is sent, or looked up, again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What is waited out.
    pub why: FaultKind,
    pub lasts: Duration,
    /// What follows is a look at what the lost call did.
    pub reconciles: bool,
}

/// Tries in all, the first wait and the longest, in milliseconds; each wait is twice the one before.
struct RetryLimits(u32, u64, u64);

impl Pause {
    /// The wait before a call that was made `tries` times is made again; `None` when its refusal stands. `may_lag`: IAM may
    /// not know yet what this run has just created (`reference/iam.md` A4).
    pub(super) fn before_retry(fault: &Fault, tries: u32, may_lag: bool) -> Option<Self> {
        let RetryLimits(most, first, longest) = match fault.kind {
            FaultKind::Throttled => RetryLimits(8, 1000, 8000),
            // A password just set keeps its user busy for up to two minutes (community.aws 1059).
            FaultKind::Busy => RetryLimits(17, 1000, 8000),
            FaultKind::UnknownKey if may_lag => RetryLimits(8, 500, 4000),
            FaultKind::NotFound if may_lag => RetryLimits(6, 500, 4000),
            FaultKind::ServerError | FaultKind::NoConnection => RetryLimits(4, 500, 2000),
            // Each of these has waited for the timeout already.
            FaultKind::Timeout if fault.unclear => RetryLimits(2, 500, 2000),
            _ if fault.unclear => RetryLimits(4, 500, 2000),
            _ => return None,
        };
        let wait = first.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(longest);
        (tries < most).then(|| Self { why: fault.kind.clone(), lasts: Duration::from_millis(wait), reconciles: false })
    }

    /// The wait before an undo call that was made `tries` times is made again. Deletes are idempotent, so a lost answer is
    /// one reason; and IAM may not yet see the thing.
    pub(super) fn before_undo(fault: &Fault, tries: u32) -> Option<Self> {
        if fault.kind != FaultKind::NotFound {
            return Self::before_retry(fault, tries, false);
        }
        (tries < 4).then_some(Self { why: FaultKind::NotFound, lasts: Duration::from_secs(2), reconciles: false })
    }

    /// The wait before something is deleted that nobody is seen to use, and that IAM did not delete.
    pub(super) fn before_deleting(fault: &Fault) -> Self {
        Self { why: fault.kind.clone(), lasts: Duration::from_secs(2), reconciles: false }
    }

    /// The wait before it is looked up what a lost create did.
    pub(super) fn before_reconciling(fault: &Fault) -> Self {
        Self { why: fault.kind.clone(), lasts: Duration::from_secs(1), reconciles: true }
    }

    /// The wait between two looks that show nothing.
    pub(super) fn between_reconciliations() -> Self {
        Self { why: FaultKind::NotFound, lasts: Duration::from_secs(2), reconciles: true }
    }

    pub(super) fn with_jitter(mut self, percent: u32) -> Self {
        self.lasts += self.lasts * percent / 100;
        self
    }

    pub fn words(&self) -> String {
        let seconds = (self.lasts.as_millis() + 500) / 1000;
        let again = match (self.reconciles, seconds) {
            (true, _) => "looking what the lost call did".to_owned(),
            (false, 0) => "trying again at once".to_owned(),
            (false, seconds) => format!("trying again in {seconds} s"),
        };
        let why = match self.why {
            FaultKind::Throttled => "IAM asks us to slow down",
            FaultKind::Busy => "IAM is changing it just now",
            FaultKind::Conflict => "IAM still counts what was just removed",
            FaultKind::NotFound if self.reconciles => "IAM shows nothing of it yet",
            FaultKind::UnknownKey => "IAM does not know the new key yet",
            FaultKind::NotFound => "IAM does not show yet what was just made",
            FaultKind::ServerError => "IAM failed inside",
            FaultKind::NoConnection => "No connection",
            _ => "The answer was lost",
        };
        format!("{why}, {again}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(kind: FaultKind, unclear: bool, may_lag: bool) -> Vec<u128> {
        let fault = Fault { unclear, ..Fault::of(kind) };
        (1..).map_while(|tries| Pause::before_retry(&fault, tries, may_lag)).map(|pause| pause.lasts.as_millis()).collect()
    }

    #[test]
    fn every_wait_is_bounded() {
        assert_eq!(waits(FaultKind::Throttled, false, false), [1000, 2000, 4000, 8000, 8000, 8000, 8000]);
        assert_eq!(waits(FaultKind::Busy, false, false).iter().sum::<u128>(), 111_000, "about two minutes");
        assert_eq!(waits(FaultKind::NotFound, false, true), [500, 1000, 2000, 4000, 4000]);
        assert_eq!(waits(FaultKind::UnknownKey, false, true).len(), 7, "half a minute");
        assert_eq!(waits(FaultKind::ServerError, true, false), [500, 1000, 2000]);
        for kind in [FaultKind::NotFound, FaultKind::Denied, FaultKind::Exists, FaultKind::Expired, FaultKind::NotAws] {
            assert!(waits(kind, false, false).is_empty());
        }
    }

    #[test]
    fn a_wait_is_said_with_its_reason() {
        let fault = Fault::of(FaultKind::Throttled);
        let pause = Pause::before_retry(&fault, 2, false).unwrap().with_jitter(20);
        assert_eq!(pause.lasts, Duration::from_millis(2400));
        assert_eq!(pause.words(), "IAM asks us to slow down, trying again in 2 s");
    }
}
