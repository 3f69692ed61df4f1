//! The form of a region's name.

/// Whether a text has the form of a region: `eu-central-1`. Which regions there are changes too often to be held here.
///
/// # Errors
/// The rule, by an example.
pub fn check(text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let letters = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    let shaped = parts.len() >= 3
        && parts[..parts.len() - 1].iter().all(letters)
        && parts.last().is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    if shaped { Ok(()) } else { Err("A region looks like “eu-central-1”.".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_region() {
        for region in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-northwest-1"] {
            assert_eq!(check(region), Ok(()), "{region}");
        }
        for wrong in ["", "Frankfurt", "eu-central", "eu central 1", "EU-CENTRAL-1", "eu-central-1\nkey"] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
