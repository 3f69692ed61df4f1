//! What the command line, the environment and the profile say of a connection, each checked here and named by where it stands:
//! the SDK panics on some of it, and of the rest it says only that something is wrong.

use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, http_client_fn};

use super::https;
use super::settings::Settings;
use crate::domain::caller::Source;
use crate::domain::endpoint::{self, is_aws};
use crate::domain::fault::Fault;
use crate::domain::profile_file::Profiles;
use crate::domain::region;
use crate::domain::sanitise::clean;

/// Credentials without an end have none: a process that asks something is not run again for them.
const NEVER: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// Where nobody says a region: IAM has none, but the SDK wants one.
const DEFAULT_REGION: &str = "us-east-1";

/// The address of a service, and who says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) url: String,
    /// `AWS_ENDPOINT_URL`, `line 3 of ~/.aws/config`.
    origin: String,
}

/// The addresses of both services, where they are not the SDK's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Endpoints {
    pub(super) iam: Option<Endpoint>,
    pub(super) sts: Option<Endpoint>,
}

impl Endpoints {
    /// Where the calls go and who says so, where that is not AWS.
    pub(super) fn elsewhere(&self) -> Option<(String, String)> {
        let mut all = [&self.iam, &self.sts].into_iter().flatten();
        all.find(|endpoint| !is_aws(&endpoint.url)).map(|endpoint| (endpoint.url.clone(), endpoint.origin.clone()))
    }

    /// A fault with the address that was called, and who says that it is that.
    pub(super) fn named(&self, fault: Fault) -> Fault {
        let of = if fault.permission.is_some_and(|permission| permission.starts_with("sts:")) { &self.sts } else { &self.iam };
        let endpoint = of.as_ref().map(|endpoint| format!("{} (from {})", endpoint.url, endpoint.origin).into_boxed_str());
        Fault { endpoint: fault.endpoint.clone().or(endpoint), ..fault }
    }
}

/// A connection's settings, all of them sound.
#[derive(Clone, Debug)]
pub(super) struct Configured {
    pub(super) region: String,
    pub(super) endpoints: Endpoints,
    pub(super) client: SharedHttpClient,
    /// Where the person said something of it; else it is the SDK's own.
    retry: Option<RetryConfig>,
    timeouts: TimeoutConfig,
    process: Duration,
    fips: bool,
    dual_stack: bool,
}

impl Configured {
    /// Of this source; the profile that counts is `profile`.
    ///
    /// # Errors
    /// A setting that can't work, named.
    pub(super) fn read(source: &Source, settings: &Settings, profiles: &Profiles, profile: &str) -> Result<Self, Fault> {
        let said = Said { settings, profiles, profile };
        let is_practice = *source == Source::Practice;
        let endpoints = if is_practice { Endpoints::default() } else { said.endpoints()? };
        let is_of_aws = endpoints.elsewhere().is_none();
        let client = if is_practice {
            let connector = settings.practice.0.clone();
            http_client_fn(move |_, _| connector.clone())
        } else {
            https::client(said.authorities()?)
        };
        // Practice needs nothing of what a person may have set.
        let (region, retry) = match said.region(!is_of_aws) {
            Err(_) if is_practice => (DEFAULT_REGION.to_owned(), None),
            region => (region?, if is_practice { None } else { said.retry()? }),
        };
        Ok(Self {
            region,
            client,
            retry,
            timeouts: settings.patience.config(),
            process: settings.patience.process,
            // An address of one's own is taken as it is.
            fips: is_of_aws && said.switch("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            dual_stack: is_of_aws && said.switch("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
            endpoints,
        })
    }

    /// As the SDK's clients take it; without credentials.
    pub(super) fn sdk(&self) -> SdkConfig {
        let mut config = SdkConfig::builder();
        config.set_retry_config(self.retry.clone());
        config
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.region.clone()))
            .timeout_config(self.timeouts.clone())
            .http_client(self.client.clone())
            .use_fips(self.fips)
            .use_dual_stack(self.dual_stack)
            // One for all clients of a caller; a source may ask the person something.
            .identity_cache(IdentityCache::lazy().load_timeout(self.process).default_expiration(NEVER).build())
            .build()
    }
}

/// A setting, and where it stands.
#[derive(Clone)]
struct Setting {
    value: String,
    origin: String,
}

impl Setting {
    fn refused(&self, why: &str) -> Fault {
        let value: String = clean(&self.value).chars().take(60).collect();
        let mend = if self.origin.starts_with("--") { "Change it" } else { "Change it or take it away" };
        Fault::local(format!("{} says “{value}”: {why} {mend}, then start iamwalk again.", self.origin))
    }
}

struct Said<'a> {
    settings: &'a Settings,
    profiles: &'a Profiles,
    profile: &'a str,
}

impl Said<'_> {
    /// The first of these that is set: a variable, or the key of the profile.
    fn setting(&self, variables: &[&'static str], key: &str) -> Option<Setting> {
        self.variable(variables).or_else(|| self.of_profile(key))
    }

    fn variable(&self, variables: &[&'static str]) -> Option<Setting> {
        let (name, value) = self.settings.environment.first(variables)?;
        Some(Setting { value, origin: name.to_owned() })
    }

    fn of_profile(&self, key: &str) -> Option<Setting> {
        let profile = self.profiles.get(self.profile)?;
        let value = profile.get(key).filter(|value| !value.is_empty())?.to_owned();
        let origin = self.settings.files.place(profile.place(key)?);
        Some(Setting { value, origin })
    }

    fn switch(&self, variable: &'static str, key: &str) -> bool {
        self.setting(&[variable], key).is_some_and(|setting| setting.value.trim().eq_ignore_ascii_case("true"))
    }

    /// `--region`, the environment, the profile.
    fn region(&self, own_server: bool) -> Result<String, Fault> {
        let flag = self.settings.region.clone().map(|value| Setting { value, origin: "--region".to_owned() });
        let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].map(|variable| self.variable(&[variable]));
        let all = std::iter::once(flag).chain(variables).chain(std::iter::once_with(|| self.of_profile("region")));
        let Some(setting) = all.flatten().find(|setting| !setting.value.trim().is_empty()) else {
            return Ok(DEFAULT_REGION.to_owned());
        };
        let region = setting.value.trim();
        region::check(region, own_server).map(|()| region.to_owned()).map_err(|why| setting.refused(&why))
    }

    /// `--endpoint-url`, `AWS_ENDPOINT_URL_IAM`, `AWS_ENDPOINT_URL`, the services section, the profile (SDK reference guide,
    /// "Service-specific endpoints").
    fn endpoints(&self) -> Result<Endpoints, Fault> {
        let flag = self.settings.endpoint.clone().map(|value| Setting { value, origin: "--endpoint-url".to_owned() });
        if flag.is_none() && self.switch("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls") {
            return Ok(Endpoints::default());
        }
        let of = |service: &str, variable: &'static str| {
            let found = flag
                .clone()
                .or_else(|| self.variable(&[variable, "AWS_ENDPOINT_URL"]))
                .or_else(|| {
                    let (value, at) = self.profiles.of_service(self.profile, service, "endpoint_url")?;
                    Some(Setting { value, origin: self.settings.files.place(at) })
                })
                .or_else(|| self.of_profile("endpoint_url"));
            found.map(|setting| self.endpoint(&setting)).transpose()
        };
        Ok(Endpoints { iam: of("iam", "AWS_ENDPOINT_URL_IAM")?, sts: of("sts", "AWS_ENDPOINT_URL_STS")? })
    }

    fn endpoint(&self, setting: &Setting) -> Result<Endpoint, Fault> {
        let url = setting.value.trim();
        endpoint::check(url).map_err(|why| setting.refused(why))?;
        Ok(Endpoint { url: url.trim_end_matches('/').to_owned(), origin: setting.origin.clone() })
    }

    /// What the AWS CLI knows; `legacy` is its old mode, and the SDK's standard one does the same here.
    fn retry(&self) -> Result<Option<RetryConfig>, Fault> {
        let mode = self.setting(&["AWS_RETRY_MODE"], "retry_mode");
        let retry = match &mode {
            Some(mode) => match mode.value.trim().to_ascii_lowercase().as_str() {
                "standard" | "legacy" => RetryConfig::standard(),
                "adaptive" => RetryConfig::adaptive(),
                _ => return Err(mode.refused("the AWS CLI knows standard, adaptive and legacy.")),
            },
            None => RetryConfig::standard(),
        };
        let Some(attempts) = self.setting(&["AWS_MAX_ATTEMPTS"], "max_attempts") else { return Ok(mode.map(|_| retry)) };
        match attempts.value.trim().parse() {
            Ok(number) if number > 0 => Ok(Some(retry.with_max_attempts(number))),
            _ => Err(attempts.refused("a whole number from 1 is wanted.")),
        }
    }

    /// The certificates to trust instead of the system's: `AWS_CA_BUNDLE`, or the profile's `ca_bundle`.
    fn authorities(&self) -> Result<Option<Vec<u8>>, Fault> {
        let Some(setting) = self.setting(&["AWS_CA_BUNDLE"], "ca_bundle") else { return Ok(None) };
        let path = self.settings.environment.path(&setting.value);
        let bundle = std::fs::read(path)
            .map_err(|error| setting.refused(&format!("it can't be read ({}).", super::private_file::reason(&error))))?;
        https::check_bundle(&bundle).map_err(|why| setting.refused(why))?;
        Ok(Some(bundle))
    }
}
