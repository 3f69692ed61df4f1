//! Addresses of services: whether secrets sent there can be read on the way, and whose they are.

use http::Uri;

fn host(address: &str) -> Option<(String, bool)> {
    let uri: Uri = address.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']).to_ascii_lowercase();
    Some((host, uri.scheme_str() == Some("https")))
}

/// Whether a text is the address of a service.
///
/// # Errors
/// What such an address looks like.
pub fn check(address: &str) -> Result<(), &'static str> {
    let uri: Uri = address.parse().map_err(|_| "An address looks like “http://127.0.0.1:5000”.")?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(()),
        _ => Err("An address begins with http:// or https:// and a host."),
    }
}

/// Whether a host is this machine, or one that only this machine reaches: what is sent there goes through no proxy.
pub fn is_near(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).trim_end_matches('.').to_ascii_lowercase();
    match host.parse::<core::net::IpAddr>().map(|address| address.to_canonical()) {
        // The services of container and instance credentials are link-local; so is one of AWS's own addresses.
        Ok(core::net::IpAddr::V4(address)) => address.is_loopback() || address.is_link_local() || address.is_unspecified(),
        Ok(core::net::IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unicast_link_local() || address.segments()[..3] == [0xfd00, 0xec2, 0]
        }
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Whether secrets sent to this address can be read on the way: not https, and not this machine.
pub fn is_clear_text(address: &str) -> bool {
    let Some((host, is_https)) = host(address) else { return true };
    let loopback = host == "localhost" || host.parse::<core::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    !is_https && !loopback
}

/// Whether this address is one of AWS's own.
pub fn is_aws(address: &str) -> bool {
    host(address).is_some_and(|(host, _)| host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn who_can_read_along() {
        for fine in ["http://127.0.0.1:5000", "http://localhost", "http://[::1]:80/x", "https://iam.example.com"] {
            assert!(!is_clear_text(fine), "{fine}");
        }
        for open in ["http://iam.example.com", "http://127.0.0.1.example.com", "http://user@iam.example.com", "nonsense"] {
            assert!(is_clear_text(open), "{open}");
        }
        assert!(is_aws("https://iam.amazonaws.com/") && is_aws("https://sts.cn-north-1.amazonaws.com.cn"));
        assert!(!is_aws("https://amazonaws.com.example.com") && !is_aws("http://127.0.0.1"));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            let _ = (is_clear_text(&text), is_aws(&text));
        }
    }
}
