//! Regions: the form of their names, and those that each partition had when this version was made.

/// The regions of the public partitions and the places where they are (botocore 1.43 `partitions.json`). Newer ones are
/// taken as they are typed.
const REGIONS: [(&str, &[(&str, &str)]); 4] = [
    (
        "aws",
        &[
            ("af-south-1", "Cape Town"),
            ("ap-east-1", "Hong Kong"),
            ("ap-east-2", "Taipei"),
            ("ap-northeast-1", "Tokyo"),
            ("ap-northeast-2", "Seoul"),
            ("ap-northeast-3", "Osaka"),
            ("ap-south-1", "Mumbai"),
            ("ap-south-2", "Hyderabad"),
            ("ap-southeast-1", "Singapore"),
            ("ap-southeast-2", "Sydney"),
            ("ap-southeast-3", "Jakarta"),
            ("ap-southeast-4", "Melbourne"),
            ("ap-southeast-5", "Malaysia"),
            ("ap-southeast-6", "New Zealand"),
            ("ap-southeast-7", "Thailand"),
            ("ca-central-1", "Canada"),
            ("ca-west-1", "Calgary"),
            ("eu-central-1", "Frankfurt"),
            ("eu-central-2", "Zurich"),
            ("eu-north-1", "Stockholm"),
            ("eu-south-1", "Milan"),
            ("eu-south-2", "Spain"),
            ("eu-west-1", "Ireland"),
            ("eu-west-2", "London"),
            ("eu-west-3", "Paris"),
            ("il-central-1", "Tel Aviv"),
            ("me-central-1", "UAE"),
            ("me-south-1", "Bahrain"),
            ("mx-central-1", "Mexico"),
            ("sa-east-1", "Sao Paulo"),
            ("us-east-1", "N. Virginia"),
            ("us-east-2", "Ohio"),
            ("us-west-1", "N. California"),
            ("us-west-2", "Oregon"),
        ],
    ),
    ("aws-cn", &[("cn-north-1", "Beijing"), ("cn-northwest-1", "Ningxia")]),
    ("aws-us-gov", &[("us-gov-east-1", "US-East"), ("us-gov-west-1", "US-West")]),
    ("aws-eusc", &[("eusc-de-east-1", "Germany")]),
];

/// The regions of a partition that a typed text may mean, by name or place; all where it is empty.
pub fn suggested(partition: &str, typed: &str) -> Vec<(&'static str, &'static str)> {
    let typed = typed.to_lowercase();
    let regions = REGIONS.iter().find(|(id, _)| *id == partition).map_or(&[][..], |(_, regions)| regions);
    regions.iter().filter(|(name, place)| name.contains(&typed) || place.to_lowercase().contains(&typed)).copied().collect()
}

/// Whether a text has the form of a region: `eu-central-1`. Which regions there are changes too often to be held here, and a
/// server of one's own may have others: `garage`, `local`.
///
/// # Errors
/// The rule, by an example.
pub fn check(text: &str, own_server: bool) -> Result<(), String> {
    if own_server {
        let is_word = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        return if is_word { Ok(()) } else { Err("A region is a word like “eu-central-1” or “local”.".to_owned()) };
    }
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
    fn regions_are_found_by_name_and_place() {
        assert_eq!(suggested("aws", "frank"), [("eu-central-1", "Frankfurt")]);
        assert_eq!(suggested("aws-cn", "").len(), 2);
        assert!(suggested("aws", "").iter().all(|(name, _)| check(name, false).is_ok()));
        assert!(suggested("aws-elsewhere", "").is_empty());
    }

    #[test]
    fn the_form_of_a_region() {
        for region in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-northwest-1"] {
            assert_eq!(check(region, false), Ok(()), "{region}");
        }
        for wrong in ["", "Frankfurt", "eu-central", "eu central 1", "EU-CENTRAL-1", "eu-central-1\nkey"] {
            assert!(check(wrong, false).is_err(), "{wrong}");
        }
        for (word, own) in [("garage", true), ("local", true), ("us-east-1a", true), ("us east", false), ("\"us-east-1\"", false)]
        {
            assert!(check(word, false).is_err(), "{word}");
            assert_eq!(check(word, true).is_ok(), own, "{word}");
        }
    }
}
