//! The regions that a profile can name.

use super::arn::Partition;

const AWS: &[&str] = &[
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
];
const CHINA: &[&str] = &["cn-north-1", "cn-northwest-1"];
const GOV: &[&str] = &["us-gov-east-1", "us-gov-west-1"];

/// The regions of a partition, as known when this was built (botocore's endpoint data); a person may type another.
pub fn regions(partition: &Partition) -> &'static [&'static str] {
    match partition.id() {
        "aws-cn" => CHINA,
        "aws-us-gov" => GOV,
        _ => AWS,
    }
}

/// Whether a text has the form of a region: `eu-central-1`.
///
/// # Errors
/// The rule, with the nearest thing that helps.
pub fn check(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let shaped = parts.len() >= 3
        && parts[..parts.len() - 1].iter().all(letters)
        && parts.last().is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    if shaped { Ok(()) } else { Err("A region looks like “eu-central-1”.".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_region_has_the_form() {
        for partition in ["aws", "aws-cn", "aws-us-gov"] {
            for region in regions(&Partition::new(partition)) {
                assert_eq!(check(region), Ok(()), "{region}");
                assert_eq!(Partition::of_region(region).id(), partition);
            }
        }
        for wrong in ["", "Frankfurt", "eu-central", "eu central 1", "EU-CENTRAL-1", "eu-central-1\nkey"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
