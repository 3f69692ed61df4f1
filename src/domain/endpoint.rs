//! Addresses of services: whether secrets sent there can be read on the way, and whose they are.

use http::Uri;

fn host(address: &str) -> Option<(String, bool)> {
    let uri: Uri = address.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']).to_ascii_lowercase();
    Some((host, uri.scheme_str() == Some("https")))
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
