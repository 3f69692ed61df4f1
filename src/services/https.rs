//! The HTTPS client of all calls: the SDK's own, over rustls and ring, and the route that a call takes.
//!
//! The SDK's default is the same over aws-lc, which makes the program 0.8 MiB larger and its build a minute longer. Its proxies
//! are those of the environment, for every host alike: here what is meant for this machine goes there directly.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::domain::endpoint::is_near;

/// A client that trusts these certificates (PEM, as [`check_bundle`] takes them), or those of the system; its connectors are
/// made at the first call.
pub(super) fn client(authorities: Option<Vec<u8>>) -> SharedHttpClient {
    let direct = client_over(ProxyConfig::disabled(), authorities.clone());
    SharedHttpClient::new(Routes { direct, around: client_over(ProxyConfig::from_env(), authorities) })
}

fn client_over(proxies: ProxyConfig, authorities: Option<Vec<u8>>) -> SharedHttpClient {
    Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::Ring));
        let own =
            authorities.clone().map(|pem| TlsContext::builder().with_trust_store(TrustStore::empty().with_pem_certificate(pem)));
        if let Some(Ok(context)) = own.map(|own| own.build()) {
            connector.set_tls_context(context);
        }
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        connector.set_proxy_config(Some(proxies.clone()));
        connector.build()
    })
}

/// Whether a bundle of certificates can be used: the SDK panics on one that can't.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check_bundle(pem: &[u8]) -> Result<(), &'static str> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|_| "that is no file of certificates in PEM form.")?;
    if certificates.is_empty() {
        return Err("there is no certificate in it (PEM: “-----BEGIN CERTIFICATE-----”).");
    }
    let mut store = RootCertStore::empty();
    let all = certificates.into_iter().try_for_each(|certificate| store.add(certificate));
    all.map_err(|_| "one of its certificates can't be read.")
}

/// The proxy that calls to this address go through, in any spelling of the environment's variables.
pub(super) fn proxy_of(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let proxy = Matcher::from_env().intercept(&uri).filter(|_| !uri.host().is_some_and(is_near))?;
    let host = proxy.uri().host()?.to_owned();
    Some(proxy.uri().port_u16().map_or(host.clone(), |port| format!("{host}:{port}")))
}

/// Both ways out.
#[derive(Debug)]
struct Routes {
    direct: SharedHttpClient,
    around: SharedHttpClient,
}

impl HttpClient for Routes {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Route {
            direct: self.direct.http_connector(settings, components),
            around: self.around.http_connector(settings, components),
        })
    }
}

#[derive(Debug)]
struct Route {
    direct: SharedHttpConnector,
    around: SharedHttpConnector,
}

impl HttpConnector for Route {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let is_near = request.uri().parse::<Uri>().ok().and_then(|uri| uri.host().map(is_near)).unwrap_or_default();
        if is_near { self.direct.call(request) } else { self.around.call(request) }
    }
}
