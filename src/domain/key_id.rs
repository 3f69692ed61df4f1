//! What the id of an access key tells by itself.

/// What kind of key an id is of (IAM User Guide, "Understanding unique ID prefixes").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `AKIA…`: a long-term key, of a user or of the root user.
    LongTerm,
    /// `ASIA…`: a temporary key, which expires by itself.
    Temporary,
}

/// The kind of key that this could be the id of; `None` for what is none.
pub fn kind(id: &str) -> Option<KeyKind> {
    let is_id = (16..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    match id.get(..4) {
        Some("AKIA") if is_id => Some(KeyKind::LongTerm),
        Some("ASIA") if is_id => Some(KeyKind::Temporary),
        _ => None,
    }
}

/// The account that a key id belongs to; `None` for the keys of before 2019, whose ids don't tell.
///
/// The sixteen characters behind the prefix are base32; of their first six bytes the top bit says that an account follows.
pub fn account(id: &str) -> Option<String> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    kind(id)?;
    // Ten characters hold the first fifty bits, of which the first 48 are the six bytes.
    let bits = id.bytes().skip(4).take(10).try_fold(0_u64, |bits, c| {
        let digit = ALPHABET.iter().position(|one| *one == c)?;
        Some(bits << 5 | digit as u64)
    })?;
    let bytes = bits >> 2;
    let tells = bytes >> 47 == 1;
    tells.then(|| format!("{:012}", (bytes & 0x7fff_ffff_ff80) >> 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_account_and_an_old_one_does_not() {
        assert_eq!(account("ASIAQNZGKIQY56JQ7WML").as_deref(), Some("029608264753"));
        assert_eq!(account("ASIAY34FZKBOKMUTVV7A").as_deref(), Some("609629065308"));
        for old in ["AKIAIOSFODNN7EXAMPLE", "AKIAJ1234567890ABCDE", "AIDAQNZGKIQY56JQ7WML", "", "AKIA", "ÄKIAQNZGKIQY56JQ7WML"] {
            assert_eq!(account(old), None, "{old}");
        }
        assert_eq!(kind("AKIAIOSFODNN7EXAMPLE"), Some(KeyKind::LongTerm));
        assert_eq!(kind("akiaiosfodnn7example"), None);
    }
}
