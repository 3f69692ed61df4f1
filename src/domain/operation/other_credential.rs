//! What a user can sign with besides access keys and a password: SSH public keys, signing certificates, credentials of single
//! services. IAM lets or stops each by its status.

use serde::{Deserialize, Serialize};

use super::{Cli, Described, Entity, Evidence, Inverse, KeyStatus, Made, Nature, Old, SecretKind, WhenLost, quoted};
use crate::domain::name::UserName;
use crate::domain::password::PasswordPolicy;

/// The three calls of IAM differ in their names alone.
macro_rules! sets_status {
    ($(#[$doc:meta])* $name:ident, $permission:literal, $what:literal, $command:literal, $id:literal, $shown:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            pub user: UserName,
            pub id: String,
            pub status: KeyStatus,
        }

        impl Described for $name {
            const PERMISSION: &'static str = $permission;
            const NATURE: Nature = Nature::Sets;
            const WHEN_LOST: WhenLost = WhenLost::SendAgain;
            const BRINGS: Option<SecretKind> = None;

            fn words(&self) -> String {
                format!(concat!("{} the ", $what, " {} of {}"), self.status.verb(), self.id, self.user)
            }

            fn more_rights(&self) -> Vec<&'static str> {
                vec![]
            }

            fn target(&self) -> Entity {
                Entity::User(self.user.clone())
            }

            fn beside(&self) -> Option<Entity> {
                None
            }

            fn resource(&self) -> Entity {
                self.target()
            }

            fn evidence(&self) -> Option<&Evidence> {
                None
            }

            fn inverse(&self, _: &Made, old: &Old, _: Evidence) -> Inverse {
                match old {
                    Old::Status(status) => Inverse::By(Self { status: *status, ..self.clone() }.into()),
                    Old::Nothing | Old::Text(_) | Old::Keys(_) => Inverse::Unknown,
                }
            }

            fn cli(&self, _: &PasswordPolicy) -> Vec<Cli> {
                vec![Cli::Iam(format!(
                    concat!($command, " --user-name={} --", $id, "={} --status={}"),
                    quoted(self.user.as_str()),
                    quoted(&self.id),
                    self.status.word()
                ))]
            }

            fn shown_by(&self) -> String {
                format!(concat!($shown, " --user-name={}"), quoted(self.user.as_str()))
            }
        }
    };
}

sets_status!(
    /// Let an SSH public key work, or no longer.
    UpdateSshPublicKey,
    "iam:UpdateSSHPublicKey",
    "SSH public key",
    "update-ssh-public-key",
    "ssh-public-key-id",
    "list-ssh-public-keys"
);
sets_status!(
    /// Let a signing certificate work, or no longer.
    UpdateSigningCertificate,
    "iam:UpdateSigningCertificate",
    "signing certificate",
    "update-signing-certificate",
    "certificate-id",
    "list-signing-certificates"
);
sets_status!(
    /// Let the credential of a single service work, or no longer.
    UpdateServiceSpecificCredential,
    "iam:UpdateServiceSpecificCredential",
    "service-specific credential",
    "update-service-specific-credential",
    "service-specific-credential-id",
    "list-service-specific-credentials"
);
