//! What parts of a walkthrough mean that can hold together: contradictions, and quotas at their worst.

use std::collections::BTreeSet;

use super::{Checker, Part};
use crate::domain::facts::Quotas;
use crate::domain::name::same_name;
use crate::domain::policy::{self, INLINE_SIZE};
use crate::domain::tag::TAGS_LIMIT;
use crate::domain::walkthrough::{Choice, DocumentSource, Grants, PolicyProposal};

impl Checker<'_> {
    /// What parts mean that can hold together.
    pub(super) fn together(&mut self, parts: &[Part<'_>]) {
        for (i, part) in parts.iter().enumerate() {
            for other in parts[..=i].iter().filter(|other| other.goes_with(part) || other.key == part.key) {
                self.pair(part, other, other.key == part.key);
            }
        }
        let quotas = Quotas::default();
        let worst = |count: &dyn Fn(&Grants) -> usize| -> usize {
            let of_choice = |choice: &Choice| choice.answers.iter().map(|answer| count(&answer.grants)).max().unwrap_or(0);
            count(&self.read.grants) + self.read.choices.iter().map(of_choice).sum::<usize>()
        };
        let named: BTreeSet<&str> = self
            .read
            .all_grants()
            .flat_map(|grants| {
                let of_groups = grants.groups.iter().flat_map(|group| group.policies.iter().flatten());
                of_groups.chain(&grants.boundary).map(String::as_str)
            })
            .collect();
        let attached = worst(&|grants| {
            let made = grants
                .policies
                .iter()
                .filter(|policy| !policy.inline && !named.contains(policy.id.as_str()) && !grants.attach.contains(&policy.id));
            grants.attach.len() + made.count()
        });
        let of_groups = worst(&|grants| grants.groups.iter().filter_map(|group| group.policies.as_ref()).map(Vec::len).sum());
        let groups = worst(&|grants| grants.groups.len());
        let tags = worst(&|grants| grants.tags.len()) + usize::from(!self.read.access.description.value.is_empty());
        let inline = worst(&|grants| {
            let size = |policy: &PolicyProposal| match &policy.document {
                DocumentSource::Text(text) if policy.inline => policy::size(text),
                _ => 0,
            };
            grants.policies.iter().map(size).sum()
        });
        for (count, limit, key, what) in [
            (attached, quotas.policies_per_user, "permissions.attach", "policies attached to the user"),
            (of_groups, quotas.policies_per_group, "groups", "policies attached to the group"),
            (groups, quotas.groups_per_user, "groups", "groups of the user"),
            (tags, TAGS_LIMIT, "tags", "tags, the key's description among them"),
            (inline, INLINE_SIZE, "policies", "characters of inline policies"),
        ] {
            if count > limit {
                self.fault(key, format!("{count} {what} are possible together; IAM takes {limit}."));
            }
        }
    }

    fn pair(&mut self, part: &Part<'_>, other: &Part<'_>, same: bool) {
        for (i, tag) in part.grants.tags.iter().enumerate() {
            let earlier = if same { &part.grants.tags[..i] } else { &other.grants.tags };
            for found in earlier.iter().filter(|found| found.key.to_lowercase() == tag.key.to_lowercase()) {
                if same || found != tag {
                    let words = format!("The tag “{}” is said to be “{}” already.", found.key, found.value.value);
                    self.fault(&part.key_of(&format!("tags.{}", tag.key)), words);
                }
            }
        }
        for (i, policy) in part.grants.policies.iter().enumerate() {
            let earlier = if same { &part.grants.policies[..i] } else { &other.grants.policies };
            for found in earlier.iter().filter(|found| found.id == policy.id || same_name(&found.name, &policy.name)) {
                let words = format!("The policy “{}” is made already, as [policies.{}].", found.name, found.id);
                self.fault(&part.key_of(&format!("policies.{}", policy.id)), words);
            }
        }
        for (i, group) in part.grants.groups.iter().enumerate() {
            let earlier = if same { &part.grants.groups[..i] } else { &other.grants.groups };
            for found in earlier {
                let alike = same_name(&found.name, &group.name);
                if group.policies.is_some() && found.policies.is_some() && found.name != group.name {
                    let words = format!("One group can be made for a user; “{}” is made already.", found.name);
                    self.fault(&part.key_of(&format!("groups.{}", group.name)), words);
                } else if alike && (same || found.name != group.name) {
                    self.fault(&part.key_of(&format!("groups.{}", group.name)), "This group stands there already.");
                }
            }
        }
        if same {
            return;
        }
        if let (Some(one), Some(two)) = (&part.grants.boundary, &other.grants.boundary)
            && one != two
        {
            self.fault(&part.key_of("permissions.boundary"), format!("The boundary is said to be “{two}” already."));
        }
        if let (Some(one), Some(two)) = (&part.grants.copy_from, &other.grants.copy_from)
            && one != two
        {
            self.fault(&part.key_of("permissions.copy-from"), "Permissions are copied from somebody else already.");
        }
    }
}
