//! Where credentials come from: a profile, or the chain of the AWS SDKs, followed by the AWS CLI's rules (botocore
//! `credentials.py`).
//!
//! The SDK's own way through the files differs from the AWS CLI's: it ignores `mfa_serial`, reads no name with a blank, gives up
//! files that the AWS CLI reads, and panics on some values. So the way is gone here, and only its ends are the SDK's providers.

use aws_config::Region;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::configured::Configured;

use super::guard::Guard;
use super::key::{WORDS, key};
use super::process::Process;
use super::roles::{Assumed, Role, WebIdentity, resolved};
use super::settings::Settings;
use super::sts::sts_client;
use crate::domain::caller::{SigningKeys, Source};
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::key_id::{self, KeyKind};
use crate::domain::profile_file::{FileKind, Profile, Profiles};
use crate::domain::secret::{SecretId, Vault};

/// The parts of a key, as variables of the environment and as keys of a profile.
const VARIABLES: [&str; 3] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];
const KEYS: [&str; 3] = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];
/// What is needed to follow a source to its credentials.
pub(super) struct Finder<'a> {
    pub(super) settings: &'a Settings,
    pub(super) profiles: &'a Profiles,
    pub(super) configured: &'a Configured,
    pub(super) guard: &'a Guard,
    pub(super) vault: &'a Vault,
}

impl Finder<'_> {
    /// The credentials of a source.
    ///
    /// # Errors
    /// Why there are none: a missing profile, a code that is needed, a setting that can't work.
    pub(super) async fn of(&self, source: &Source) -> Result<SharedCredentialsProvider, Fault> {
        match source {
            Source::Practice => {
                let key = Credentials::new(self.settings.practice.1, "practice", None, None, "practice");
                Ok(SharedCredentialsProvider::new(key))
            }
            Source::Pasted { key_id } => self.pasted(key_id),
            Source::Profile(name) => self.or_of_machine(name).await,
            Source::Chain => self.of_chain().await,
        }
    }

    /// The pasted keys. Where they end: in the SDK's credentials for this connection.
    fn pasted(&self, key_id: &str) -> Result<SharedCredentialsProvider, Fault> {
        let text = |id| self.vault.get(id).map(|secret| secret.expose().to_owned());
        let secret = text(SecretId::CallerKey).ok_or_else(|| Fault::of(FaultKind::NoCredentials))?;
        key(WORDS, (key_id.to_owned(), secret, text(SecretId::CallerToken)), None)
            .map(SharedCredentialsProvider::new)
            .map_err(|(what, why)| Fault::local(format!("The pasted {what} {why}. Copy it again.")))
    }

    /// The environment, its profile or `default`, web identity, container, instance.
    async fn of_chain(&self) -> Result<SharedCredentialsProvider, Fault> {
        let environment = &self.settings.environment;
        if let Some(provider) = self.of_environment()? {
            return Ok(provider);
        }
        let named = environment.profile();
        let name = named.as_deref().unwrap_or("default");
        let profile = self.profiles.get(name);
        let token = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
        // A role of the profile goes before a token of the environment, and that before the rest of the profile.
        let is_role = |profile: &Profile| profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none();
        if let Some(file) = token.filter(|_| !profile.is_some_and(is_role)) {
            let role = environment.get("AWS_ROLE_ARN").or_else(|| profile?.get("role_arn").map(str::to_owned));
            let role =
                role.ok_or_else(|| Fault::local("AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not. Set both."))?;
            return Ok(self.web_identity(&file, role, environment.get("AWS_ROLE_SESSION_NAME")));
        }
        match named {
            None if !profile.is_some_and(gives) => self.of_machine(Fault::of(FaultKind::NoCredentials)).await,
            _ => self.or_of_machine(name).await,
        }
    }

    /// A profile; where it says nothing of credentials, the machine itself, as the AWS CLI does.
    async fn or_of_machine(&self, name: &str) -> Result<SharedCredentialsProvider, Fault> {
        match self.of_profile(name, &mut Vec::new()).await {
            Err(fault) if self.profiles.get(name).is_some_and(|profile| !gives(profile)) => self.of_machine(fault).await,
            answer => answer,
        }
    }

    /// The container or the instance on which this runs; else `fault`.
    async fn of_machine(&self, fault: Fault) -> Result<SharedCredentialsProvider, Fault> {
        let get = |name: &str| self.settings.environment.get(name);
        if get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").or_else(|| get("AWS_CONTAINER_CREDENTIALS_FULL_URI")).is_some() {
            return Ok(self.of_container());
        }
        if get("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Err(fault);
        }
        resolved(self.of_instance()).await.map(|(provider, _)| provider).map_err(|_| fault)
    }

    fn of_environment(&self) -> Result<Option<SharedCredentialsProvider>, Fault> {
        let get = |name: &str| self.settings.environment.get(name);
        match (get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")) {
            (Some(id), Some(secret)) => {
                let token = get("AWS_SECURITY_TOKEN").or_else(|| get("AWS_SESSION_TOKEN"));
                key(VARIABLES, (id, secret, token), None)
                    .map(|key| Some(SharedCredentialsProvider::new(key)))
                    .map_err(|(variable, why)| Fault::local(format!("{variable} {why}. Correct it, then start iamwalk again.")))
            }
            (Some(_), None) => {
                Err(Fault::local("AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not. Set both, or none."))
            }
            // A secret without an id is passed over by the AWS CLI as well.
            (None, _) => Ok(None),
        }
    }

    /// A named profile, whatever keys stand in the environment: `aws --profile` does the same.
    async fn of_profile(&self, name: &str, visited: &mut Vec<String>) -> Result<SharedCredentialsProvider, Fault> {
        let profile = self.profiles.get(name).ok_or_else(|| Fault::of(FaultKind::NoSuchProfile(name.to_owned())))?;
        if profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none() {
            return self.role(name, profile, visited).await;
        }
        self.without_role(name, profile)
    }

    /// As the source of a role: there keys of its own go before a role of its own.
    async fn of_source(&self, name: &str, visited: &mut Vec<String>) -> Result<SharedCredentialsProvider, Fault> {
        match self.profiles.get(name) {
            Some(profile) if profile.get("aws_access_key_id").is_some() => self.without_role(name, profile),
            _ => Box::pin(self.of_profile(name, visited)).await,
        }
    }

    /// Web identity, IAM Identity Center, keys, `aws login`, a process: the AWS CLI's order.
    fn without_role(&self, name: &str, profile: &Profile) -> Result<SharedCredentialsProvider, Fault> {
        let get = |key: &str| profile.get(key).map(str::to_owned);
        if let Some(file) = get("web_identity_token_file") {
            let role = get("role_arn").ok_or_else(|| self.misses(name, "role_arn"))?;
            return Ok(self.web_identity(&file, role, get("role_session_name")));
        }
        if get("sso_account_id").or(get("sso_role_name")).is_some() {
            return self.identity_center(name, profile);
        }
        let stands_in = |kind| profile.place("aws_access_key_id").is_some_and(|(file, _)| file == kind);
        if stands_in(FileKind::Credentials) {
            return self.key_of(name, profile);
        }
        if let Some(session) = get("login_session") {
            let provider = LoginCredentialsProvider::builder(session).configure(&self.provider_config(None));
            return Ok(SharedCredentialsProvider::new(provider.build()));
        }
        if let Some(command) = get("credential_process") {
            let (lender, limit) = (self.settings.lender.clone(), self.settings.patience.process);
            return Ok(SharedCredentialsProvider::new(Process { profile: name.to_owned(), command, lender, limit }));
        }
        if stands_in(FileKind::Config) {
            return self.key_of(name, profile);
        }
        let words = match get("sso_session").or(get("sso_start_url")) {
            Some(_) => {
                "names IAM Identity Center, but no account and role in it (sso_account_id, sso_role_name). “aws configure sso” sets them."
            }
            None => "holds no credentials: no key, no role, no sign-in. Choose another, or set it up with “aws configure”.",
        };
        Err(Fault::local(format!("The profile “{name}” {words}")))
    }

    fn key_of(&self, name: &str, profile: &Profile) -> Result<SharedCredentialsProvider, Fault> {
        // All of it stands in one file, or it is none.
        let file = profile.place("aws_access_key_id").map(|(file, _)| file);
        let is_beside = |key: &str| profile.place(key).map(|(file, _)| file) == file;
        let get = |key: &str| profile.get(key).filter(|_| is_beside(key)).map(str::to_owned);
        let id = get("aws_access_key_id").unwrap_or_default();
        let secret = get("aws_secret_access_key").ok_or_else(|| self.misses(name, "aws_secret_access_key"))?;
        let token = get("aws_security_token").or_else(|| get("aws_session_token"));
        key(KEYS, (id, secret, token), None).map(SharedCredentialsProvider::new).map_err(|(key, why)| {
            let at = profile.place(key).map(|at| self.settings.files.place(at)).unwrap_or_default();
            Fault::local(format!("{key} of the profile “{name}” ({at}) {why}. Mend it there, then press F5."))
        })
    }

    fn misses(&self, name: &str, key: &str) -> Fault {
        Fault::local(format!("The profile “{name}” has no {key}. Add it there, or choose another profile."))
    }

    /// The role of a profile, from its source, with a code of its device where it names one.
    async fn role(&self, name: &str, profile: &Profile, visited: &mut Vec<String>) -> Result<SharedCredentialsProvider, Fault> {
        let get = |key: &str| profile.get(key).map(str::to_owned);
        if visited.iter().any(|earlier| earlier == name) {
            let way = visited.join(" → ");
            return Err(Fault::local(format!("The profiles name each other as their source: {way} → {name}. Break the circle.")));
        }
        visited.push(name.to_owned());
        let source = match (get("source_profile"), get("credential_source")) {
            (Some(_), Some(_)) => {
                let words = format!("The profile “{name}” has both source_profile and credential_source. Take one of them away.");
                return Err(Fault::local(words));
            }
            (Some(source), None) if source == name => self.without_role(name, profile)?,
            (Some(source), None) if self.profiles.get(&source).is_none() => {
                let words = format!(
                    "The profile “{name}” takes its role from “{source}” (source_profile), which is in none of your files."
                );
                return Err(Fault::local(words));
            }
            (Some(source), None) => self.of_source(&source, visited).await?,
            (None, Some(source)) => match source.as_str() {
                "Environment" => self.of_environment()?.ok_or_else(|| {
                    Fault::local(format!("The profile “{name}” takes its role from the environment, and no key is set there."))
                })?,
                "Ec2InstanceMetadata" => self.of_instance(),
                "EcsContainer" => self.of_container(),
                other => {
                    let words = format!(
                        "The profile “{name}” has credential_source = {other}: AWS's tools know Environment, Ec2InstanceMetadata and EcsContainer."
                    );
                    return Err(Fault::local(words));
                }
            },
            (None, None) => {
                let words = format!("The profile “{name}” has a role_arn, but no source_profile or credential_source for it.");
                return Err(Fault::local(words));
            }
        };
        let seconds = match get("duration_seconds").map(|text| (text.trim().parse::<i32>(), text)) {
            None => None,
            Some((Ok(seconds), _)) => Some(seconds),
            Some((Err(_), text)) => {
                let words = format!("The profile “{name}” has duration_seconds = {text}: a number of seconds is wanted.");
                return Err(Fault::local(words));
            }
        };
        let role = Role {
            sts: self.sts(Some(resolved(source).await?.0)),
            arn: get("role_arn").unwrap_or_default(),
            session: get("role_session_name").unwrap_or_else(|| "iamwalk".to_owned()),
            external_id: get("external_id"),
            seconds,
        };
        match get("mfa_serial") {
            None => Ok(SharedCredentialsProvider::new(Assumed::Role(role))),
            Some(serial) => self.with_code(name, &role, serial).await,
        }
    }

    /// Assumes the role with the code in the vault. Where the code ends: in this one call.
    async fn with_code(&self, name: &str, role: &Role, serial: String) -> Result<SharedCredentialsProvider, Fault> {
        let of = format!("{name} {} {serial}", role.arn);
        if let Some(session) = self.settings.sessions.get(&of) {
            return Ok(SharedCredentialsProvider::new(session));
        }
        let code = self.vault.get(SecretId::MfaCode).ok_or_else(|| Fault::of(FaultKind::MfaNeeded(serial.clone())))?;
        // A code works once.
        self.vault.forget(SecretId::MfaCode);
        let session = role.assumed(Some((&serial, code.expose()))).await?;
        self.settings.sessions.keep(of, session.clone());
        Ok(SharedCredentialsProvider::new(session))
    }

    fn web_identity(&self, file: &str, role: String, session: Option<String>) -> SharedCredentialsProvider {
        let session = session.unwrap_or_else(|| "iamwalk".to_owned());
        let path = self.settings.environment.path(file);
        SharedCredentialsProvider::new(Assumed::WebIdentity(WebIdentity { sts: self.sts(None), path, role, session }))
    }

    fn identity_center(&self, name: &str, profile: &Profile) -> Result<SharedCredentialsProvider, Fault> {
        let session = match profile.get("sso_session") {
            Some(session) => Some((
                session.to_owned(),
                self.profiles.session(session).ok_or_else(|| {
                    Fault::local(format!("The profile “{name}” names [sso-session {session}], which is not in your config file."))
                })?,
            )),
            None => None,
        };
        let get = |key: &str| {
            let of_session = session.as_ref().and_then(|(_, section)| section.get(key));
            of_session.or_else(|| profile.get(key)).map(str::to_owned).ok_or_else(|| self.misses(name, key))
        };
        let region = Region::new(get("sso_region")?);
        let mut builder = SsoCredentialsProvider::builder()
            .configure(&self.provider_config(Some(region.clone())))
            .account_id(get("sso_account_id")?)
            .role_name(get("sso_role_name")?)
            .start_url(get("sso_start_url")?)
            .region(region);
        builder.set_session_name(session.map(|(name, _)| name));
        Ok(SharedCredentialsProvider::new(builder.build()))
    }

    fn of_container(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(EcsCredentialsProvider::builder().configure(&self.provider_config(None)).build())
    }

    fn of_instance(&self) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(ImdsCredentialsProvider::builder().configure(&self.provider_config(None)).build())
    }

    fn sts(&self, provider: Option<SharedCredentialsProvider>) -> aws_sdk_sts::Client {
        let config = self.configured.sdk().to_builder();
        let config = match provider {
            Some(provider) => config.credentials_provider(provider),
            None => config,
        };
        sts_client(&config.build(), self.configured, self.guard)
    }

    fn provider_config(&self, region: Option<Region>) -> ProviderConfig {
        let region = region.unwrap_or_else(|| Region::new(self.configured.region.clone()));
        ProviderConfig::without_region().with_http_client(self.configured.client.clone()).with_region(Some(region))
    }
}

/// Where the credentials of a source come from, in words.
pub(super) fn origin(source: &Source, settings: &Settings, profiles: &Profiles) -> String {
    let get = |name: &str| settings.environment.get(name);
    let of_profile = |name: &str| match profiles.get(name) {
        Some(profile) if gives(profile) => Some(format!("profile {name}, {}", kind(profile))),
        _ => None,
    };
    let machine = || "the container or instance this runs on".to_owned();
    match source {
        Source::Practice => String::new(),
        Source::Pasted { .. } => "a pasted key".to_owned(),
        Source::Profile(name) => of_profile(name).unwrap_or_else(machine),
        Source::Chain if get("AWS_ACCESS_KEY_ID").is_some() => "environment, AWS_ACCESS_KEY_ID".to_owned(),
        Source::Chain => {
            let named = settings.environment.profile();
            let token = get("AWS_WEB_IDENTITY_TOKEN_FILE").map(|_| "environment, AWS_WEB_IDENTITY_TOKEN_FILE".to_owned());
            token.or_else(|| of_profile(named.as_deref().unwrap_or("default"))).unwrap_or_else(machine)
        }
    }
}

/// The keys by which calls of a source are signed: `own` where that is a long-term key, and those of the profiles behind a role.
pub(super) fn signing_keys(source: &Source, settings: &Settings, profiles: &Profiles, own: &str) -> SigningKeys {
    let is_long_term = |id: &str| key_id::kind(id) == Some(KeyKind::LongTerm);
    let of_environment = || settings.environment.get("AWS_ACCESS_KEY_ID").filter(|id| is_long_term(id));
    let named = settings.environment.profile();
    let mut at = match source {
        Source::Profile(name) => Some(name.clone()),
        Source::Chain if of_environment().is_none() => Some(named.unwrap_or_else(|| "default".to_owned())),
        Source::Chain | Source::Pasted { .. } | Source::Practice => None,
    };
    let (mut behind, mut visited): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    while let Some(name) = at.filter(|name| !visited.contains(name)) {
        let Some(profile) = profiles.get(&name) else { break };
        if profile.get("credential_source") == Some("Environment") {
            behind.extend(of_environment());
        }
        behind.extend(profile.get("aws_access_key_id").filter(|id| is_long_term(id)).map(str::to_owned));
        at = profile.get("source_profile").map(str::to_owned);
        visited.push(name);
    }
    SigningKeys { own: Some(own.to_owned()).filter(|own| is_long_term(own)), behind }
}

/// What a profile's credentials are, in the order in which they are looked for.
fn kind(profile: &Profile) -> &'static str {
    let kinds = [
        ("role_arn", "a role"),
        ("sso_account_id", "IAM Identity Center"),
        ("aws_access_key_id", "access key"),
        ("login_session", "aws login"),
    ];
    kinds.into_iter().find(|(key, _)| profile.get(key).is_some()).map_or("a process", |(_, words)| words)
}

/// Whether a profile says where credentials come from.
fn gives(profile: &Profile) -> bool {
    let keys = ["role_arn", "sso_account_id", "sso_role_name", "aws_access_key_id", "login_session", "credential_process"];
    keys.iter().chain(&["web_identity_token_file"]).any(|key| profile.get(key).is_some())
}
