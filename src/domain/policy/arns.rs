//! The forms of resources that IAM takes.

use super::{Faults, LEGACY, Rank, Raw};
use crate::domain::arn::PARTITIONS;

/// How the resource part of an ARN of IAM's begins.
const OF_IAM: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

/// How the resource part of those ARNs of S3's begins that have a region (Service Authorization Reference, Amazon S3; that
/// `access-grants/` is taken AWS's own policies show).
const OF_S3: [&str; 6] = ["accesspoint/", "access-grants/", "job/", "storage-lens/", "storage-lens-group/", "async-request/"];

/// The partition that the resources of a document are of.
pub(super) struct Partitions {
    /// The account's, where that is known.
    own: Option<String>,
    /// The first that was met, with its place.
    first: Option<(String, usize)>,
}

impl Partitions {
    pub(super) fn of(own: Option<&str>) -> Self {
        Self { own: own.map(str::to_owned), first: None }
    }

    fn check(&mut self, at: usize, partition: &str, resource: &str, faults: &mut Faults) {
        let iam = || format!("Partition \"{partition}\" is not valid for resource \"{resource}\".");
        match (&self.own, &self.first) {
            (Some(own), _) if own != partition => {
                let words =
                    format!("“{resource}” is of the partition {partition}, and the account is of {own}: write “arn:{own}:…”.");
                faults.add(Rank::Resource, at, words, iam());
            }
            (None, Some((first, twin))) if first != partition => {
                let words = format!(
                    "“{resource}” is of the partition {partition}, and another resource of {first}: one account has one."
                );
                faults.0.push((at, Raw { words, iam: iam(), rank: Rank::Resource, twin: Some(*twin) }));
            }
            (None, None) => self.first = Some((partition.to_owned(), at)),
            _ => {}
        }
    }
}

pub(super) fn check(at: usize, resource: &str, partitions: &mut Partitions, faults: &mut Faults) {
    if resource == "*" {
        return;
    }
    let whole = resource;
    const FORM: &str = "An ARN has six parts: arn:partition:service:region:account:resource.";
    let mut refuse = |words: String, iam: String| faults.add(Rank::Resource, at, words, iam);
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    if parts.len() < 2 || parts[0] != "arn" {
        let resource = resource.trim();
        return refuse(
            match resource.starts_with("arn:") {
                true => format!("A blank stands before or behind “{resource}”: remove it."),
                false => format!("“{resource}” is no ARN. {FORM} Or “*” for everything."),
            },
            format!("Resource {whole} must be in ARN format or \"*\"."),
        );
    }
    let partition = parts[1];
    if partition != "*" && !PARTITIONS.contains(&partition) {
        // IAM fills what is missing with stars.
        let rest: Vec<&str> = parts.iter().skip(2).copied().filter(|_| parts.len() > 2).chain(["*"; 4]).take(4).collect();
        let rest = if parts.len() > 5 { parts[2..].join(":") } else { rest.join(":") };
        let iam = format!("Partition \"{partition}\" is not valid for resource \"arn:{partition}:{rest}\".");
        return refuse(format!("There is no partition “{partition}”: it is aws, aws-cn or aws-us-gov."), iam);
    }
    if partition != "*" {
        partitions.check(at, partition, resource, faults);
    }
    let mut refuse = |words: String, iam: String| faults.add(Rank::Resource, at, words, iam);
    if parts.len() < 3 {
        let iam = "Resource vendor must be fully qualified and cannot contain regexes.";
        return refuse(format!("“{resource}” names no service. {FORM}"), iam.to_owned());
    }
    let part = |index: usize| parts.get(index).copied().unwrap_or_default();
    let (service, region, own) = (part(2), part(3), part(5));
    let region_is_open = region.is_empty() && parts.len() > 4;
    if service == "iam" && !region_is_open {
        let words = format!("IAM has no regions: “{resource}” has to be “arn:{partition}:iam::…”.");
        return refuse(words, format!("IAM resource {resource} cannot contain region information."));
    }
    if service == "s3" && !region_is_open && !OF_S3.iter().any(|kind| own.starts_with(kind)) {
        let words = format!("Names of buckets have no region: “{resource}” has to be “arn:{partition}:s3:::…”.");
        return refuse(words, format!("Resource {resource} can not contain region information."));
    }
    if service == "iam" && !matches!(own, "*" | "root") && !OF_IAM.iter().any(|kind| own.starts_with(kind)) {
        let words = format!("“{own}” is nothing of IAM's: it begins with user/, role/, group/, policy/ or the like.");
        return refuse(words, format!("IAM resource path must either be \"*\" or start with {}.", OF_IAM.join(", ")));
    }
    if (parts.len() < 6 && resource.contains("::")) || service.is_empty() {
        faults.add(Rank::Legacy, at, format!("“{resource}” lacks a part. {FORM}"), LEGACY);
    }
}
