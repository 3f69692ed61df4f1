//! Saves a key as a new profile: keys into the credentials file, the region into the config file. Every byte that was
//! there stays; a profile of that name is refused.
//!
//! Both files are proven on their bytes before either is written: readable, the profile not there, and afterwards the new
//! profile is read by AWS's own parser and all others are as before. Writing is a rename within the real folder.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};
use zeroize::Zeroizing;

use super::private_file;
use crate::domain::fault::Fault;
use crate::domain::secret::Secret;

/// The two files of a person's profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfilePaths {
    /// Keys.
    pub credentials: PathBuf,
    /// Regions and all else.
    pub config: PathBuf,
}

impl ProfilePaths {
    /// The person's own: `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`, else `~/.aws`. `None` without a home folder.
    pub fn own() -> Option<Self> {
        let from = |variable: &str, name: &str| match std::env::var_os(variable).filter(|path| !path.is_empty()) {
            Some(path) => match Path::new(&path).strip_prefix("~") {
                Ok(rest) => dirs::home_dir().map(|home| home.join(rest)),
                Err(_) => Some(PathBuf::from(path)),
            },
            None => dirs::home_dir().map(|home| home.join(".aws").join(name)),
        };
        Some(Self {
            credentials: from("AWS_SHARED_CREDENTIALS_FILE", "credentials")?,
            config: from("AWS_CONFIG_FILE", "config")?,
        })
    }

    /// Files of these names in a folder; practice writes into one of its own.
    pub fn within(folder: &Path) -> Self {
        Self { credentials: folder.join("credentials"), config: folder.join("config") }
    }
}

/// A profile that is to be saved.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// Its name, checked by `domain::hand_over::check_profile`.
    pub name: String,
    /// The access key id.
    pub key_id: String,
    /// The secret access key. Where it ends: in the credentials file.
    pub secret: Secret,
    /// The region.
    pub region: String,
}

/// Saves a profile.
///
/// What comes back where all went well is `None`; where the keys are saved and the region is not, a text that says so.
///
/// # Errors
/// In words: a file that can't be read or edited safely, a profile of that name, or what the system says. Nothing was saved.
pub async fn save(paths: &ProfilePaths, profile: &NewProfile) -> Result<Option<String>, Fault> {
    let keys = Zeroizing::new(format!(
        "[{}]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        profile.name,
        profile.key_id,
        profile.secret.expose()
    ));
    let header = if profile.name == "default" { "[default]".to_owned() } else { format!("[profile {}]", profile.name) };
    let settings = format!("{header}\nregion = {}\n", profile.region);
    // Proven before anything is written, so that a refusal leaves both files alone.
    appended(&paths.config, EnvConfigFileKind::Config, profile, &settings).await?;
    write_safely(&paths.credentials, EnvConfigFileKind::Credentials, profile, &keys).await?;
    let region = write_safely(&paths.config, EnvConfigFileKind::Config, profile, &settings).await;
    Ok(region.err().map(|fault| format!("The keys are saved, the region is not. {}", fault.what())))
}

/// Writes a section behind what a file holds; three times over when somebody else writes it meanwhile.
async fn write_safely(path: &Path, kind: EnvConfigFileKind, profile: &NewProfile, section: &str) -> Result<(), Fault> {
    for _ in 0..3 {
        let (before, after) = appended(path, kind, profile, section).await?;
        let failed = |error: &io::Error| {
            Fault::local(format!("{} could not be written: {}.", path.display(), private_file::reason(error)))
        };
        if replace(path, before.as_deref(), &after).map_err(|error| failed(&error))? {
            return Ok(());
        }
    }
    Err(Fault::local(format!("{} is being changed by another program all the time. Try again.", path.display())))
}

type Edit = (Option<Zeroizing<Vec<u8>>>, Zeroizing<Vec<u8>>);

/// What the file holds now (`None`: there is none), and what it will hold; proven by AWS's parser.
async fn appended(path: &Path, kind: EnvConfigFileKind, profile: &NewProfile, section: &str) -> Result<Edit, Fault> {
    let refused = |why: &str| Fault::local(format!("{} was left as it is: {why}", path.display()));
    let before = match fs::read(path) {
        Ok(bytes) => Some(Zeroizing::new(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(refused(&format!("it can't be read ({}).", private_file::reason(&error)))),
    };
    let old = before.as_ref().map_or(&[][..], |bytes| bytes);
    let text = std::str::from_utf8(old).map_err(|_| refused("it is not UTF-8."))?;
    if text.starts_with('\u{feff}') || text.contains('\0') {
        return Err(refused("it begins with a byte order mark or holds NUL bytes, which AWS's tools can't read."));
    }
    let old_set = parsed(kind, text).await.map_err(|why| refused(&format!("AWS's tools can't read it: {why}.")))?;
    if let Some(line) = line_of_profile(text, &profile.name) {
        return Err(refused(&format!("it has a profile “{}” already (line {line}). Choose another name.", profile.name)));
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut new = Zeroizing::new(String::with_capacity(text.len() + section.len() + 8));
    new.push_str(text);
    if !text.is_empty() {
        if !text.ends_with('\n') {
            new.push_str(line_end);
        }
        new.push_str(line_end);
    }
    for line in section.lines() {
        new.push_str(line);
        new.push_str(line_end);
    }
    let new_set =
        parsed(kind, &new).await.map_err(|why| refused(&format!("after the edit AWS's tools could not read it: {why}.")))?;
    let expected = match kind {
        EnvConfigFileKind::Credentials => ("aws_access_key_id", &profile.key_id),
        _ => ("region", &profile.region),
    };
    let reads = new_set.get_profile(&profile.name).and_then(|found| found.get(expected.0)) == Some(expected.1.as_str());
    let others = old_set.profiles().all(|name| new_set.get_profile(name) == old_set.get_profile(name));
    if !reads || !others {
        return Err(refused("AWS's tools would read it differently after the edit."));
    }
    Ok((before, Zeroizing::new(new.as_bytes().to_vec())))
}

/// Reads profiles from a text; no provider named in it is run.
async fn parsed(kind: EnvConfigFileKind, text: &str) -> Result<ProfileSet, String> {
    let files = EnvConfigFiles::builder().with_contents(kind, text).build();
    aws_config::profile::load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &files, None)
        .await
        .map_err(|error| std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string))
}

/// The line, from 1, of a header that any reader may take for this profile, whatever the blanks and quotes in it.
fn line_of_profile(text: &str, name: &str) -> Option<usize> {
    text.lines()
        .position(|line| {
            let Some(inner) = line.trim().strip_prefix('[') else { return false };
            let inner = inner.split(']').next().unwrap_or_default().trim();
            let inner = inner.strip_prefix("profile").map_or(inner, str::trim_start);
            inner.trim_matches(['"', '\'']).trim() == name
        })
        .map(|index| index + 1)
}

/// Replaces a file by a rename, unless it no longer holds `before`: then `false`, and nothing is touched.
fn replace(path: &Path, before: Option<&Vec<u8>>, after: &[u8]) -> io::Result<bool> {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = real.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    if !folder.exists() {
        private_file::folder(folder)?;
    }
    // Born 0600, with a name that says whose it is.
    let mut file = tempfile::Builder::new().prefix(".iamwalk-").tempfile_in(folder)?;
    file.write_all(after)?;
    if let Ok(old) = fs::metadata(&real) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    let now = match fs::read(&real) {
        Ok(bytes) => Some(Zeroizing::new(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    if now.as_deref() != before {
        return Ok(false);
    }
    file.persist(&real).map_err(|error| error.error)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn profile(name: &str) -> NewProfile {
        NewProfile {
            name: name.to_owned(),
            key_id: "AKIAEXAMPLE000000000".to_owned(),
            secret: Secret::new("made/up+secret0000000000000000000000000x".to_owned()),
            region: "eu-central-1".to_owned(),
        }
    }

    fn saved(credentials: &str, config: &str, name: &str) -> Result<(String, String), Fault> {
        let folder = tempfile::tempdir().unwrap();
        let paths = ProfilePaths::within(folder.path());
        if !credentials.is_empty() {
            fs::write(&paths.credentials, credentials).unwrap();
        }
        if !config.is_empty() {
            fs::write(&paths.config, config).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(save(&paths, &profile(name)));
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let (after_credentials, after_config) = (read(&paths.credentials), read(&paths.config));
        assert!(fs::read_dir(folder.path()).unwrap().all(|e| !e.unwrap().file_name().to_string_lossy().starts_with(".iamwalk")));
        match answer {
            Ok(warning) => {
                assert_eq!(warning, None);
                Ok((after_credentials, after_config))
            }
            Err(fault) => {
                assert_eq!(
                    (after_credentials.as_str(), after_config.as_str()),
                    (credentials, config),
                    "a refusal must not write"
                );
                Err(fault)
            }
        }
    }

    #[test]
    fn new_files_and_old_ones() {
        let (credentials, config) = saved("", "", "bob").unwrap();
        assert_eq!(
            credentials,
            "[bob]\naws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = made/up+secret0000000000000000000000000x\n"
        );
        assert_eq!(config, "[profile bob]\nregion = eu-central-1\n");
        let old = "# mine\r\n[work]\r\naws_access_key_id=A\r\naws_secret_access_key=B";
        let (credentials, config) = saved(old, "[default]\noutput=json\n", "bob").unwrap();
        assert!(credentials.starts_with(&format!("{old}\r\n\r\n[bob]\r\n")), "{credentials:?}");
        assert!(!credentials.replace("\r\n", "").contains('\n'));
        assert!(config.starts_with("[default]\noutput=json\n\n[profile bob]\n"));
    }

    #[test]
    fn what_is_there_is_refused() {
        for (credentials, config) in [
            ("[bob]\naws_access_key_id=A\n", ""),
            ("[ bob ]\naws_access_key_id=A\n", ""),
            ("", "[profile bob]\nregion=x\n"),
            ("", "[profile  \"bob\"]\nregion=x\n"),
            ("\u{feff}[a]\n", ""),
            ("no header\n", ""),
            ("[a\nx=1\n", ""),
        ] {
            assert!(saved(credentials, config, "bob").is_err(), "{credentials:?} {config:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn modes_and_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let paths = ProfilePaths::within(&folder.path().join("new"));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(save(&paths, &profile("bob"))).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&paths.credentials), 0o600);
        assert_eq!(mode(paths.credentials.parent().unwrap()), 0o700);
        // A dotfile manager's link stays a link.
        let link = folder.path().join("link");
        symlink(&paths.credentials, &link).unwrap();
        let linked = ProfilePaths { credentials: link.clone(), config: paths.config.clone() };
        runtime.block_on(save(&linked, &profile("eve"))).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&paths.credentials).unwrap().contains("[eve]"));
    }

    proptest! {
        /// Whatever a file holds: it is refused and untouched, or every byte of it stays at the front.
        #[test]
        fn no_byte_is_lost(text in "(\\[[a-z ]{0,6}\\]?\r?\n|[a-z]{1,4} ?= ?[a-zA-Z0-9 #;]{0,6}\r?\n| [a-z]+ = 1\n|#.{0,5}\n|\n){0,12}") {
            if let Ok((credentials, _)) = saved(&text, "", "bob") {
                prop_assert!(credentials.starts_with(&text));
                prop_assert!(credentials.contains("[bob]"));
            }
        }
    }
}
