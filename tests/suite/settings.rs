//! What a person may have set in the environment and in the files: what the AWS CLI takes works, and what can't work is named by
//! its variable, or by file and line.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use super::support::place::{KEYS, Place, assert_code, text};
use super::support::terminal::Terminal;

/// A walk without questions, in a home with these files and with these variables; an empty value unsets none.
fn run(place: &Place, arguments: &str, variables: &[(&str, &str)], files: &[(&str, &str)]) -> Output {
    let aws = place.home.path().join(".aws");
    fs::create_dir_all(&aws).unwrap();
    for name in ["config", "credentials"] {
        let _ = fs::remove_file(aws.join(name));
    }
    files.iter().for_each(|(name, content)| fs::write(aws.join(name), content).unwrap());
    let mut command = place.command(env!("CARGO_BIN_EXE_iamwalk"), &place.endpoint);
    command.envs(variables.iter().copied()).args(arguments.split_whitespace()).output().unwrap()
}

const DRY: &str = "--dry-run --user u1 --set access.use-case=cli";
const REAL: &str = "--yes --user u1 --set access.use-case=cli";
const NO_KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")];
const ADMIN: &str = "[default]\naws_access_key_id = AKIATESTING000000000\naws_secret_access_key = testing\n";

#[test]
fn what_the_aws_cli_takes_works() {
    let place = Place::new();
    for (name, value) in [
        ("AWS_RETRY_MODE", "legacy"),
        ("AWS_RETRY_MODE", "adaptive"),
        ("AWS_RETRY_MODE", ""),
        ("AWS_MAX_ATTEMPTS", "5"),
        ("AWS_MAX_ATTEMPTS", ""),
        ("AWS_REGION", ""),
        ("AWS_REGION", "  "),
        ("AWS_REGION", " eu-central-1\r"),
        ("AWS_REGION", "garage"),
        ("AWS_DEFAULT_REGION", ""),
        ("AWS_PROFILE", ""),
        ("AWS_ENDPOINT_URL_IAM", ""),
        ("AWS_SESSION_TOKEN", ""),
        ("AWS_CA_BUNDLE", ""),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", ""),
    ] {
        let output = run(&place, DRY, &[(name, value)], &[]);
        assert_eq!(output.status.code(), Some(0), "{name}={value}\n{}", text(&output.stderr));
    }
    // In the files: an indented comment below the id, CRLF, “:”, old retry modes, a section of services.
    for credentials in [
        "[default]\naws_access_key_id = AKIATESTING000000000\n  # of the team\naws_secret_access_key = testing\n",
        "[default]\r\naws_access_key_id = AKIATESTING000000000\r\naws_secret_access_key = testing\r\n",
        "[default]\naws_access_key_id : AKIATESTING000000000\naws_secret_access_key : testing\nretry_mode = legacy\n",
    ] {
        let output = run(&place, DRY, &NO_KEYS, &[("credentials", credentials)]);
        assert_eq!(output.status.code(), Some(0), "{credentials:?}\n{}", text(&output.stderr));
    }
    let services = format!(
        "[default]\nservices = own\n[services own]\niam =\n  endpoint_url = {0}\nsts =\n  endpoint_url = {0}\n",
        place.endpoint
    );
    let variables = [NO_KEYS[0], NO_KEYS[1], ("AWS_ENDPOINT_URL", "")];
    let output = run(&place, DRY, &variables, &[("credentials", ADMIN), ("config", &services)]);
    assert_code(&output, 0);
}

#[test]
fn what_cant_work_is_named() {
    let place = Place::new();
    let bundle = place.path("bundle.pem");
    fs::write(&bundle, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    for (name, value) in [
        ("AWS_RETRY_MODE", "fast"),
        ("AWS_MAX_ATTEMPTS", "0"),
        ("AWS_MAX_ATTEMPTS", "many"),
        ("AWS_REGION", "us east 1"),
        ("AWS_REGION", "\"us-east-1\""),
        ("AWS_ENDPOINT_URL", "127.0.0.1:5000"),
        ("AWS_ENDPOINT_URL_STS", "http://"),
        ("AWS_ACCESS_KEY_ID", "AKIATESTING000000000\r"),
        ("AWS_SECRET_ACCESS_KEY", "test\ning"),
        ("AWS_SESSION_TOKEN", "one\ntwo"),
        ("AWS_CA_BUNDLE", "/nowhere/bundle.pem"),
        ("AWS_CA_BUNDLE", bundle.to_str().unwrap()),
    ] {
        let output = run(&place, DRY, &[(name, value)], &[]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}={value}\n{said}");
        assert!(said.contains(name) && said.contains("Nothing was made.") && !said.contains("panic"), "{name}={value}\n{said}");
        assert!(!said.contains("testing") && !said.contains("two"), "no secret is told\n{said}");
    }
    // Practice needs none of them.
    for variable in
        [("AWS_REGION", "us east 1"), ("AWS_RETRY_MODE", "fast"), ("AWS_ACCESS_KEY_ID", "A\r"), ("AWS_CA_BUNDLE", "/x")]
    {
        let output = run(&place, &format!("{DRY} --practice"), &[variable], &[]);
        assert_eq!(output.status.code(), Some(0), "{variable:?}\n{}", text(&output.stderr));
    }
    // A secret alone is passed over, an id alone is named.
    let output = run(&place, DRY, &[("AWS_SECRET_ACCESS_KEY", "")], &[]);
    assert!(text(&output.stderr).contains("AWS_SECRET_ACCESS_KEY is not"), "{}", text(&output.stderr));
    for (line, config) in [
        (2, "[default]\nretry_mode = fast\n"),
        (3, "[default]\noutput = json\nmax_attempts = 0\n"),
        (2, "[default]\nca_bundle = /nowhere/bundle.pem\n"),
    ] {
        let output = run(&place, DRY, &NO_KEYS, &[("credentials", ADMIN), ("config", config)]);
        let said = text(&output.stderr);
        assert_code(&output, 2);
        assert!(said.contains(&format!("line {line} of ")) && said.contains(".aws/config"), "{said}");
    }
    // On AWS itself a region has AWS's form, on the screen as with --yes.
    let on_aws = [("AWS_ENDPOINT_URL", ""), ("AWS_REGION", "us-east-1a")];
    let output = run(&place, DRY, &on_aws, &[]);
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("AWS_REGION says “us-east-1a”"), "{}", text(&output.stderr));
    let mut on_screen = KEYS.to_vec();
    on_screen.extend(on_aws);
    let terminal = Terminal::start(&[], place.home.path(), &on_screen, (100, 30));
    terminal.wait("AWS_REGION says “us-east-1a”");
    terminal.wait("› Walkthrough");
}

#[test]
fn paths_in_variables_mean_what_they_mean_to_the_aws_cli() {
    let place = Place::new();
    for (index, path) in ["$HOME/own/keys", "${HOME}/own/keys", "~/own/keys"].into_iter().enumerate() {
        fs::create_dir_all(place.home.path().join("own")).unwrap();
        let user = format!("u{index}");
        let arguments = format!("--yes --user {user} --set access.use-case=cli");
        let output = run(&place, &arguments, &[("AWS_SHARED_CREDENTIALS_FILE", path)], &[]);
        assert_code(&output, 0);
        let saved = fs::read_to_string(place.home.path().join("own/keys")).unwrap();
        assert!(saved.contains(&format!("[{user}]")), "{path}\n{saved}");
        let mut cli = place.command("aws", &place.endpoint);
        cli.envs(NO_KEYS).env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        cli.env("AWS_SHARED_CREDENTIALS_FILE", path).args(["--profile", &user, "sts", "get-caller-identity"]);
        let who = cli.output().unwrap();
        assert!(text(&who.stdout).contains(&format!("user/{user}")), "{path}\n{}", text(&who.stderr));
    }
    let strange = fs::read_dir(place.path("")).unwrap().flatten().map(|entry| entry.file_name());
    assert_eq!(strange.filter(|name| name.to_string_lossy().contains(['$', '~'])).count(), 0);
}

#[test]
fn a_key_that_the_aws_cli_would_not_use_is_not_made() {
    let place = Place::new();
    let before = place.state();
    for (key, line, config) in [
        ("role_arn", 2, "[profile u1]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = default\n"),
        ("web_identity_token_file", 3, "[profile u1]\nregion = us-east-1\nweb_identity_token_file = /t\n"),
        ("sso_account_id", 2, "[profile u1]\nsso_account_id = 123456789012\nsso_start_url = https://x\n"),
        ("sso_role_name", 3, "[profile u1]\nsso_start_url = https://x\nsso_role_name = r\n"),
        ("role_arn", 2, "[DEFAULT]\nrole_arn = arn:aws:iam::123456789012:role/r\n"),
    ] {
        let output = run(&place, &format!("{REAL} --replace"), &[], &[("config", config)]);
        let said = text(&output.stderr);
        assert_code(&output, 2);
        assert!(said.contains(&format!("has {key} (line {line} of ")) && said.contains("config"), "{said}");
        assert_eq!(place.state(), before, "{config}");
    }
    // What only other tools pass the key over for is reported, and the key saved and proven.
    for (index, (key, config)) in [
        ("login_session", "[profile U]\nlogin_session = arn:aws:iam::123456789012:user/x\n"),
        ("credential_process", "[profile U]\ncredential_process = false\n"),
        ("sso_session", "[profile U]\nsso_session = s\n[sso-session s]\nsso_region = us-east-1\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let user = format!("told{index}");
        let arguments = format!("--yes --user {user} --set access.use-case=cli --replace");
        let output = run(&place, &arguments, &[], &[("config", &config.replace('U', &user))]);
        let said = text(&output.stderr);
        assert_code(&output, 0);
        assert!(said.contains(&format!("{key} on line 2")), "{said}");
        assert!(text(&output.stdout).contains(&format!("Verified: arn:aws:iam::123456789012:user/{user}")), "{said}");
    }
}

#[test]
fn files_that_only_the_aws_cli_reads_are_edited_and_the_key_is_proven() {
    let place = Place::new();
    for (index, credentials) in [
        "[other]\naws_access_key_id : AKIA\naws_secret_access_key : s\n",
        "[other]\n  aws_access_key_id = AKIA\n  aws_secret_access_key = s\n",
        "[other]\raws_access_key_id = AKIA\raws_secret_access_key = s\r",
    ]
    .into_iter()
    .enumerate()
    {
        let user = format!("u{index}");
        let arguments = format!("--yes --user {user} --set access.use-case=cli");
        let output = run(&place, &arguments, &[], &[("credentials", credentials)]);
        let said = text(&output.stderr);
        assert_code(&output, 0);
        assert!(
            said.contains("Tools other than the AWS CLI and Python's can't read this file") && said.contains("line "),
            "{said}"
        );
        assert!(text(&output.stdout).contains(&format!("Verified: arn:aws:iam::123456789012:user/{user}")), "{said}");
        let saved = fs::read_to_string(place.home.path().join(".aws/credentials")).unwrap();
        assert!(saved.starts_with(credentials), "every other byte stays\n{saved:?}");
    }
}

#[test]
fn a_profile_whose_name_has_a_blank_can_be_used_and_replaced() {
    let place = Place::new();
    let credentials = "[my work]\naws_access_key_id = AKIATESTING000000000\naws_secret_access_key = testing\n";
    let variables = [NO_KEYS[0], NO_KEYS[1], ("AWS_PROFILE", "my work")];
    let output = run(&place, DRY, &variables, &[("credentials", credentials)]);
    assert_code(&output, 0);
    // A new one of such a name is refused: only the AWS CLI would read it.
    let set = |user: &str, more: &str| {
        let mut command = place.command(env!("CARGO_BIN_EXE_iamwalk"), &place.endpoint);
        command.args(["--yes", "--user", user, "--set", "access.use-case=cli", "--save-profile"]);
        command.args(more.split(','));
        command.output().unwrap()
    };
    let output = set("u1", "their work");
    assert_code(&output, 2);
    let output = set("u1", "my work,--replace");
    assert_code(&output, 0);
    let mut cli = place.command("aws", &place.endpoint);
    cli.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
    let who = cli.args(["--profile", "my work", "sts", "get-caller-identity"]).output().unwrap();
    assert!(text(&who.stdout).contains("user/u1"), "{}", text(&who.stderr));
}

#[test]
fn a_code_is_asked_for_anywhere_in_a_chain_and_refused_without_questions() {
    let place = Place::new();
    let mfa = "mfa_serial = arn:aws:iam::123456789012:mfa/alice";
    let role = "role_arn = arn:aws:iam::123456789012:role/Boss";
    let config = format!(
        "[profile direct]\n{role}\nsource_profile = default\n{mfa}\n\
         [profile below]\n{role}\nsource_profile = direct\n\
         [profile here]\n{role}\ncredential_source = Environment\n{mfa}\n\
         [profile circle]\n{role}\nsource_profile = other\n[profile other]\n{role}\nsource_profile = circle\n\
         [profile loose]\n{role}\nsource_profile = nobody\n"
    );
    let files = [("credentials", ADMIN), ("config", config.as_str())];
    for profile in ["direct", "below", "here"] {
        let output = run(&place, &format!("{DRY} --profile {profile}"), &[], &files);
        let said = text(&output.stderr);
        assert_code(&output, 2);
        assert!(said.contains("mfa/alice") && said.contains("without --yes"), "{profile}\n{said}");
        let mut variables = KEYS.to_vec();
        variables.push(("AWS_ENDPOINT_URL", &place.endpoint));
        let mut terminal = Terminal::start(&["--profile", profile], place.home.path(), &variables, (100, 30));
        terminal.at("› Code", "123456\r");
        terminal.wait("as arn:aws:sts::123456789012:assumed-role/Boss/iamwalk");
    }
    for (profile, words) in
        [("circle", "circle → other → circle"), ("loose", "“nobody” (source_profile)"), ("none", "no profile “none”")]
    {
        let output = run(&place, &format!("{DRY} --profile {profile}"), &[], &files);
        assert_code(&output, 2);
        assert!(text(&output.stderr).contains(words), "{profile}\n{}", text(&output.stderr));
    }
}

#[test]
fn a_credential_process_gets_the_terminal_and_its_failure_one_line() {
    let place = Place::new();
    let (asks, fails) = (place.path("asks.sh"), place.path("fails.sh"));
    let printed = "{\"Version\": 1, \"AccessKeyId\": \"AKIATESTING000000000\", \"SecretAccessKey\": \"testing\"}";
    fs::write(&asks, format!("printf 'The word: ' >&2\nread word\n[ \"$word\" = open ] && echo '{printed}'\n")).unwrap();
    fs::write(&fails, "printf 'no\\033[31m way\\nmore\\n' >&2\nexit 3\n").unwrap();
    let config = format!(
        "[profile asks]\ncredential_process = sh {}\n[profile fails]\ncredential_process = sh {}\n[profile junk]\ncredential_process = echo nothing\n",
        asks.display(),
        fails.display()
    );
    for (profile, words) in [("fails", "failed (exit 3). It says: no"), ("junk", "does not answer as AWS's tools expect")] {
        let output = run(&place, &format!("{DRY} --profile {profile}"), &NO_KEYS, &[("config", &config)]);
        let said = text(&output.stderr);
        assert_code(&output, 2);
        let line = said.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("{said}"));
        assert!(line.contains(&format!("profile “{profile}”")) && !line.contains('\u{fffd}') && line.len() < 300, "{line}");
    }
    // As the source of a role it runs once, and no shell reads its words.
    let counts = place.path("counts.sh");
    let runs = place.path("runs");
    fs::write(&counts, format!("echo \"$1\" >> {}\necho '{printed}'\n", runs.display())).unwrap();
    let role = format!(
        "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/Boss\nsource_profile = counts\n\
         [profile counts]\ncredential_process = sh {} a&b;$HOME\n",
        counts.display()
    );
    assert_code(&run(&place, &format!("{DRY} --profile role"), &NO_KEYS, &[("config", &role)]), 0);
    assert_eq!(fs::read_to_string(&runs).unwrap(), "a&b;$HOME\n");
    let _ = run(&place, "runs", &NO_KEYS, &[("config", &config)]);
    let variables = [("AWS_ENDPOINT_URL", place.endpoint.as_str())];
    let mut terminal = Terminal::start(&["--profile", "asks"], place.home.path(), &variables, (100, 30));
    terminal.wait("The profile “asks” runs its credential_process.");
    terminal.at("The word: ", "open\r");
    terminal.at("as arn:aws:sts::123456789012:user/moto", "\r");
    // And the keys are the conversation's again.
    terminal.at("› User name", "zoe");
    terminal.wait("“zoe” is free.");
}

#[test]
fn a_dead_endpoint_is_named_with_who_says_so() {
    let place = Place::new();
    for (name, origin) in [("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL"), ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_STS")] {
        let output = run(&place, DRY, &[(name, "http://127.0.0.1:9")], &[]);
        assert_code(&output, 2);
        let said = text(&output.stderr);
        assert!(said.contains(&format!("No connection to http://127.0.0.1:9 (from {origin})")), "{said}");
    }
    let config = "[default]\nendpoint_url = http://127.0.0.1:9\n";
    let variables = [NO_KEYS[0], NO_KEYS[1], ("AWS_ENDPOINT_URL", "")];
    let output = run(&place, DRY, &variables, &[("credentials", ADMIN), ("config", config)]);
    assert!(text(&output.stderr).contains("(from line 2 of "), "{}", text(&output.stderr));
}

/// Another machine, as far as a proxy goes: whatever arrives is kept.
fn eavesdropper() -> (String, Arc<AtomicUsize>, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (calls, heard) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (counted, kept) = (Arc::clone(&calls), Arc::clone(&heard));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut buffer = [0; 4096];
            if let Ok(length) = stream.read(&mut buffer) {
                kept.lock().unwrap().extend_from_slice(&buffer[..length]);
            }
        }
    });
    (format!("http://{address}"), calls, heard)
}

#[test]
fn no_proxy_gets_what_is_meant_for_this_machine() {
    let place = Place::new();
    for (index, name) in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"].into_iter().enumerate() {
        let (proxy, calls, heard) = eavesdropper();
        let arguments = format!("--yes --user u{index} --set access.use-case=cli --set access.console=true");
        let output = run(&place, &arguments, &[(name, &proxy)], &[]);
        assert_code(&output, 0);
        assert_eq!((calls.load(Ordering::SeqCst), heard.lock().unwrap().len()), (0, 0), "{name}");
        // Clear text to another machine is refused, and the proxy on the way is named.
        let variables = [(name, proxy.as_str()), ("AWS_ENDPOINT_URL", "http://iam.example.com")];
        let output = run(&place, DRY, &variables, &[]);
        let said = text(&output.stderr);
        assert_code(&output, 2);
        assert!(said.contains("http://iam.example.com") && said.contains("Nothing was sent."), "{name}\n{said}");
        assert_eq!(calls.load(Ordering::SeqCst), 0, "{name}");
        if name != "HTTPS_PROXY" {
            assert!(said.contains("through the proxy 127.0.0.1:"), "{name}\n{said}");
        }
    }
}

#[test]
fn the_place_of_a_password_is_told_before_the_first_call() {
    let place = Place::new();
    let arguments = "--yes --user u1 --set access.use-case=cli --set access.console=true";
    let output = run(&place, arguments, &[], &[]);
    let said = text(&output.stderr);
    assert_code(&output, 0);
    let path = place.path("u1_credentials.csv");
    let at = said.find(&format!("The console password goes to {}", path.display())).unwrap_or_else(|| panic!("{said}"));
    assert!(at < said.find("✓ Create the user u1").unwrap(), "{said}");
    assert!(path.exists());
}

#[test]
fn one_of_many_profiles_is_found_and_pasted_keys_are_chosen() {
    let place = Place::new();
    let mut credentials = String::new();
    for index in 0..302 {
        credentials +=
            &format!("[customer-{index}]\naws_access_key_id = AKIATESTING000000000\naws_secret_access_key = testing\n");
    }
    let aws = place.home.path().join(".aws");
    fs::create_dir_all(&aws).unwrap();
    fs::write(aws.join("credentials"), credentials).unwrap();
    let variables = [("AWS_ENDPOINT_URL", place.endpoint.as_str())];
    let mut terminal = Terminal::start(&[], place.home.path(), &variables, (100, 30));
    terminal.wait("Who makes the calls");
    terminal.keys("\t");
    terminal.at("› Who makes the calls", "r-217");
    terminal.at("1 of 305", "\r");
    terminal.at("choose Profile customer-217", "\r");
    terminal.at("(•) Profile customer-217", "\r");
    terminal.wait("as arn:aws:sts::123456789012:user/moto");
    // The filter has done its work. Keys that are pasted are the ones that count from then on.
    terminal.at("305 in all", "paste keys");
    terminal.at("1 of 305", "\r");
    terminal.at("choose Paste keys", "\r");
    terminal.at("(•) Paste keys", "\r");
    terminal.at("› Access key ID", "AKIAPASTED0000000000");
    terminal.keys("\t");
    terminal.at("› Secret access key", "pasted");
    terminal.keys("\r");
    terminal.at("› Session token", "\r");
    terminal.wait("Pasted key AKIAPASTED0000000000");
    terminal.wait("as arn:aws:sts::123456789012:user/moto");
    terminal.keys("\r");
    terminal.wait_for_one(&["› User name", "✓ arn:aws:sts"]);
    if !terminal.screen().contains("› User name") {
        terminal.keys("\r");
    }
    terminal.wait("› User name");
}

/// A server with a certificate that no system trusts, which says who the caller is.
const STS_OVER_TLS: &str = "\
import datetime, http.server, ipaddress, ssl, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, 'here')])
now = datetime.datetime.now(datetime.timezone.utc)
cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
  .serial_number(1).not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
  .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address('127.0.0.1'))]), False)
  .add_extension(x509.BasicConstraints(ca=False, path_length=None), True).sign(key, hashes.SHA256()))
pem = cert.public_bytes(serialization.Encoding.PEM)
open(sys.argv[1], 'wb').write(pem)
open(sys.argv[1] + '.key', 'wb').write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
class Sts(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers['content-length']))
        body = b'<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/tls</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'
        self.send_response(200)
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Sts)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[1] + '.key')
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
";

#[test]
fn certificates_of_ones_own_are_trusted() {
    use std::io::BufRead;
    let place = Place::new();
    let bundle = place.path("bundle.pem");
    let mut python = std::process::Command::new(super::support::moto::python());
    let mut server = python.args(["-c", STS_OVER_TLS]).arg(&bundle).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut port = String::new();
    std::io::BufReader::new(server.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let sts = format!("https://127.0.0.1:{}", port.trim());
    let sts = ("AWS_ENDPOINT_URL_STS", sts.as_str());
    let path = bundle.to_str().unwrap();
    let config = format!("[default]\nca_bundle = {path}\n");
    let outputs = [
        run(&place, DRY, &[sts, ("AWS_CA_BUNDLE", path)], &[]),
        run(&place, DRY, &[sts], &[("config", &config)]),
        run(&place, DRY, &[sts], &[]),
    ];
    server.kill().unwrap();
    server.wait().unwrap();
    assert_code(&outputs[0], 0);
    assert_code(&outputs[1], 0);
    assert_code(&outputs[2], 2);
    assert!(text(&outputs[2].stderr).contains("No connection to https://127.0.0.1:"), "{}", text(&outputs[2].stderr));
}
