//! A point in time, as AWS tells it: seconds since 1970, in words a date in UTC.

use std::fmt;

use serde::{Serialize, Serializer};

const DAY: i64 = 86_400;

/// Seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

impl Moment {
    /// Whole days from this moment to a later one; none to an earlier one.
    pub fn days_until(self, later: Self) -> i64 {
        (later.0 - self.0).max(0) / DAY
    }

    /// So many days later.
    #[must_use]
    pub fn after_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY)
    }

    /// `2026-11-23`.
    pub fn date(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }
}

/// "1 day", "412 days".
pub fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}

/// "today", "412 days ago".
pub fn ago(count: i64) -> String {
    if count == 0 { "today".to_owned() } else { format!("{} ago", days(count)) }
}

/// Year, month and day of a day since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

impl fmt::Display for Moment {
    /// `2026-11-23T06:36:01Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(DAY);
        write!(f, "{}T{:02}:{:02}:{:02}Z", self.date(), second / 3600, second / 60 % 60, second % 60)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;
    use aws_smithy_types::date_time::Format;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_whole_and_never_negative() {
        let day = |day: i64, second: i64| Moment(day * DAY + second);
        assert_eq!(day(1, 0).days_until(day(3, -1)), 1);
        assert_eq!(day(3, 0).days_until(day(1, 0)), 0);
    }

    proptest! {
        #[test]
        fn dates_are_those_of_the_sdk(seconds in -62_135_596_800_i64..=253_402_300_799) {
            let theirs = DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap();
            prop_assert_eq!(Moment(seconds).to_string(), theirs);
        }
    }
}
