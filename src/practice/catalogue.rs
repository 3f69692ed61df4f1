//! The AWS managed policies of practice: the real ones, unpacked when first asked for (`assets/README.md` names the source).

use std::io::Read;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::value::RawValue;

/// An AWS managed policy, in partition `aws`.
#[derive(Debug, Deserialize)]
pub struct AwsPolicy {
    pub name: Box<str>,
    pub arn: Box<str>,
    /// The default version: `v3`.
    pub version: Box<str>,
    /// The day it was made: `2015-02-06`.
    pub created: Box<str>,
    /// The day of its newest version.
    pub updated: Box<str>,
    /// Its document, as AWS has it but for white space.
    pub document: Box<RawValue>,
}

static PACKED: &[u8] = include_bytes!("../../assets/managed-policies.json.zst");

/// All of them, sorted by name.
pub fn aws_policies() -> &'static [AwsPolicy] {
    static UNPACKED: OnceLock<Vec<AwsPolicy>> = OnceLock::new();
    UNPACKED.get_or_init(|| unpack().unwrap_or_default())
}

pub fn policy_names() -> Vec<&'static str> {
    aws_policies().iter().map(|policy| &*policy.name).collect()
}

pub fn aws_policy(arn: &str) -> Option<&'static AwsPolicy> {
    aws_policies().iter().find(|policy| &*policy.arn == arn)
}

/// The asset is part of the program, and a test reads it whole: an empty catalogue can't be met at run time.
fn unpack() -> Option<Vec<AwsPolicy>> {
    let mut text = String::new();
    ruzstd::decoding::StreamingDecoder::new(PACKED).ok()?.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_catalogue_is_whole() {
        assert_eq!(aws_policies().len(), 1568);
        let admin = aws_policy("arn:aws:iam::aws:policy/AdministratorAccess").unwrap();
        assert_eq!(&*admin.version, "v1");
        assert!(admin.document.get().contains("\"Action\":\"*\""));
        assert!(aws_policies().windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
