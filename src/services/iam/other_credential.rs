//! SSH public keys, signing certificates and credentials of single services: what there is of a user, and the status of each.

use aws_sdk_iam::types::StatusType;

use super::{OnIam, sent_again};
use crate::domain::call::{Before, Lost, Perform, Reconciled};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::operation::{
    Described, KeyStatus, Made, Old, UpdateServiceSpecificCredential, UpdateSigningCertificate, UpdateSshPublicKey,
};
use crate::domain::secret::Vault;
use crate::domain::users::{OtherCredential, OtherCredentials, OtherKind};
use crate::services::failure::Call;
use crate::services::gateway::{Gateway, moment, once, sent};

macro_rules! sets_status {
    ($name:ident, $call:ident, $id:ident, $list:ident) => {
        impl OnIam for $name {
            async fn send(&self, gateway: &Gateway, _: &Perform, _: &Vault) -> Result<Made, Fault> {
                let call = gateway.write(Self::PERMISSION, &self.resource(), None);
                let request = gateway.iam.$call().user_name(self.user.as_str()).$id(&self.id);
                sent!(call, request.status(StatusType::from(self.status.word()))).map(|()| Made::Link)
            }

            async fn read(&self, gateway: &Gateway) -> Result<Before, Fault> {
                let all = gateway.$list(self.user.as_str()).await?;
                match all.iter().find(|one| one.id == self.id) {
                    // What is gone works no longer.
                    None if self.status == KeyStatus::Inactive => Ok(Before::Same(Made::Link)),
                    None => Err(Call::read(Self::PERMISSION).on(self.user.as_str()).fault(FaultKind::NotFound, false)),
                    Some(one) if one.status == self.status => Ok(Before::Same(Made::Link)),
                    Some(one) => gateway.before(self.target(), Old::Status(one.status)).await,
                }
            }

            async fn reconcile(&self, _: &Gateway, _: &Lost) -> Result<Reconciled, Fault> {
                sent_again()
            }
        }
    };
}

sets_status!(UpdateSshPublicKey, update_ssh_public_key, ssh_public_key_id, ssh_keys_of);
sets_status!(UpdateSigningCertificate, update_signing_certificate, certificate_id, certificates_of);
sets_status!(
    UpdateServiceSpecificCredential,
    update_service_specific_credential,
    service_specific_credential_id,
    service_credentials_of
);

fn status(status: &StatusType) -> KeyStatus {
    if *status == StatusType::Active { KeyStatus::Active } else { KeyStatus::Inactive }
}

impl Gateway {
    async fn ssh_keys_of(&self, user: &str) -> Result<Vec<OtherCredential>, Fault> {
        let keys = self.iam.list_ssh_public_keys().user_name(user).send().await;
        let keys = keys.map_err(|error| Call::read("iam:ListSSHPublicKeys").on(user).failed(error))?;
        let key = |key: &aws_sdk_iam::types::SshPublicKeyMetadata| OtherCredential {
            kind: OtherKind::SshKey,
            id: key.ssh_public_key_id().to_owned(),
            status: status(key.status()),
            created: Some(moment(key.upload_date())),
        };
        Ok(keys.ssh_public_keys().iter().map(key).collect())
    }

    async fn certificates_of(&self, user: &str) -> Result<Vec<OtherCredential>, Fault> {
        let certificates = self.iam.list_signing_certificates().user_name(user).send().await;
        let certificates = certificates.map_err(|error| Call::read("iam:ListSigningCertificates").on(user).failed(error))?;
        let certificate = |one: &aws_sdk_iam::types::SigningCertificate| OtherCredential {
            kind: OtherKind::Certificate,
            id: one.certificate_id().to_owned(),
            status: status(one.status()),
            created: one.upload_date().map(moment),
        };
        Ok(certificates.certificates().iter().map(certificate).collect())
    }

    async fn service_credentials_of(&self, user: &str) -> Result<Vec<OtherCredential>, Fault> {
        let of_services = self.iam.list_service_specific_credentials().user_name(user).send().await;
        let of_services = of_services.map_err(|error| Call::read("iam:ListServiceSpecificCredentials").on(user).failed(error))?;
        let one = |one: &aws_sdk_iam::types::ServiceSpecificCredentialMetadata| OtherCredential {
            kind: OtherKind::OfService(one.service_name().to_owned()),
            id: one.service_specific_credential_id().to_owned(),
            status: status(one.status()),
            created: Some(moment(one.create_date())),
        };
        Ok(of_services.service_specific_credentials().iter().map(one).collect())
    }

    /// What a user can sign with besides access keys and a password; which kinds of it can't be listed, and why.
    pub(in crate::services) async fn other_credentials_of(&self, user: &str) -> OtherCredentials {
        let mut all = OtherCredentials::default();
        for listed in [self.ssh_keys_of(user).await, self.certificates_of(user).await, self.service_credentials_of(user).await] {
            match listed {
                Ok(found) => all.found.extend(found),
                Err(fault) => all.gaps.push(fault.what()),
            }
        }
        all
    }
}
