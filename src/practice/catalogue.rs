//! The AWS managed policies of practice: the real ones, unpacked when first asked for (`assets/README.md` names the source).

use std::io::Read;
use std::sync::LazyLock;

/// An AWS managed policy, in partition `aws`.
#[derive(Debug)]
pub struct AwsPolicy {
    pub name: &'static str,
    pub arn: Box<str>,
    /// The default version: `v3`.
    pub version: &'static str,
    /// The day it was made: `2015-02-06`.
    pub created: &'static str,
    /// The day of its newest version.
    pub updated: &'static str,
    /// Its document, as AWS has it but for white space.
    pub document: &'static str,
}

/// A column a paragraph, a policy a line: that packs smaller than the columns of one policy after the other.
static PACKED: &[u8] = include_bytes!("../../assets/managed-policies.txt.zst");

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::new();
    // The asset is part of the program, and a test reads it whole: a text that is not whole can't be met at run time.
    let _ = ruzstd::decoding::StreamingDecoder::new(PACKED).map(|mut decoder| decoder.read_to_string(&mut text));
    text
});

static POLICIES: LazyLock<Vec<AwsPolicy>> = LazyLock::new(|| {
    let mut columns = TEXT.split("\n\n").map(str::lines);
    let mut next = || columns.next().unwrap_or_else(|| "".lines());
    let (names, paths, versions, created, updated, documents) = (next(), next(), next(), next(), next(), next());
    let rows = names.zip(paths).zip(versions).zip(created.zip(updated)).zip(documents);
    rows.map(|((((name, path), version), (created, updated)), document)| {
        let arn = ["arn:aws:iam::aws:policy", path, name].concat().into();
        AwsPolicy { name, arn, version, created, updated, document }
    })
    .collect()
});

/// All of them, sorted by name.
pub fn aws_policies() -> &'static [AwsPolicy] {
    &POLICIES
}

pub fn policy_names() -> Vec<&'static str> {
    aws_policies().iter().map(|policy| policy.name).collect()
}

pub fn aws_policy(arn: &str) -> Option<&'static AwsPolicy> {
    let (_, name) = arn.rsplit_once('/')?;
    let at = aws_policies().binary_search_by(|policy| policy.name.cmp(name)).ok()?;
    aws_policies().get(at).filter(|policy| &*policy.arn == arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_catalogue_is_whole() {
        assert_eq!(aws_policies().len(), 1568);
        let admin = aws_policy("arn:aws:iam::aws:policy/AdministratorAccess").unwrap();
        assert_eq!((admin.version, admin.created, admin.updated), ("v1", "2015-02-06", "2015-02-06"));
        assert!(admin.document.contains("\"Action\":\"*\""));
        let support = aws_policy("arn:aws:iam::aws:policy/job-function/SupportUser").unwrap();
        assert!(support.document.contains("support:*") && aws_policy("arn:aws:iam::aws:policy/SupportUser").is_none());
        let is_whole = |policy: &AwsPolicy| policy.document.starts_with('{') && policy.document.ends_with('}');
        assert!(aws_policies().iter().all(is_whole));
        assert!(aws_policies().windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
