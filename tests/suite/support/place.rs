//! A place for the real program: a home, a folder to stand in, a server with an account of its own.

use std::fs;
use std::process::{Command, Output, Stdio};

use super::moto::{self, Moto};
use super::served::{self, Served};
use super::terminal::Terminal;

/// Everything that an account holds but AWS's own policies; ids of keys and dates are left out.
const STATE: &str = "\
import boto3, json
iam = boto3.client('iam')
def doc(d): return d
def tags(t): return sorted([('KEY' if x['Key'].startswith('AKIA') else x['Key']), x['Value']] for x in t)
def user(u):
    n = u['UserName']
    try: login = bool(iam.get_login_profile(UserName=n))
    except iam.exceptions.NoSuchEntityException: login = False
    return {'path': u['Path'],
      'groups': sorted(g['GroupName'] for g in iam.list_groups_for_user(UserName=n)['Groups']),
      'attached': sorted(p['PolicyArn'] for p in iam.list_attached_user_policies(UserName=n)['AttachedPolicies']),
      'inline': {p: doc(iam.get_user_policy(UserName=n, PolicyName=p)['PolicyDocument']) for p in iam.list_user_policies(UserName=n)['PolicyNames']},
      'keys': len(iam.list_access_keys(UserName=n)['AccessKeyMetadata']), 'login': login,
      'tags': tags(iam.list_user_tags(UserName=n)['Tags'])}
def policy(p):
    v = iam.get_policy_version(PolicyArn=p['Arn'], VersionId=p['DefaultVersionId'])['PolicyVersion']
    q = iam.get_policy(PolicyArn=p['Arn'])['Policy']
    return {'version': p['DefaultVersionId'], 'document': doc(v['Document']), 'description': q.get('Description', ''), 'tags': tags(q.get('Tags', []))}
print(json.dumps({
  'users': {u['UserName']: user(u) for u in iam.list_users()['Users']},
  'groups': {g['GroupName']: sorted(p['PolicyName'] for p in iam.list_attached_group_policies(GroupName=g['GroupName'])['AttachedPolicies']) for g in iam.list_groups()['Groups']},
  'policies': {p['PolicyName']: policy(p) for p in iam.list_policies(Scope='Local')['Policies']},
}, sort_keys=True))";

/// The caller's keys on moto.
pub const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIATESTING000000000"), ("AWS_SECRET_ACCESS_KEY", "testing")];

/// A place for a walk: a home, a folder to stand in, a server.
pub struct Place {
    pub home: tempfile::TempDir,
    /// Where the calls go.
    pub endpoint: String,
    keys: [(&'static str, &'static str); 2],
    #[allow(dead_code, reason = "it lives as long as the place")]
    server: Server,
}

/// A server, as long as the place is there.
enum Server {
    Moto { _moto: Moto },
    Practice { _served: Served },
}

impl Place {
    /// On moto.
    pub fn new() -> Self {
        let moto = moto::start();
        Self::at(moto.endpoint.clone(), KEYS, Server::Moto { _moto: moto })
    }

    /// On the practice server of the real program.
    pub fn on_practice() -> Self {
        let served = served::serve();
        Self::at(served.endpoint.clone(), served::KEYS, Server::Practice { _served: served })
    }

    fn at(endpoint: String, keys: [(&'static str, &'static str); 2], server: Server) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("work")).unwrap();
        Self { home, endpoint, keys, server }
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.home.path().join("work").join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, endpoint: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", moto::programs().display()))
            .env("HOME", self.home.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ENDPOINT_URL", endpoint)
            .envs(self.keys)
            .stdin(Stdio::null())
            .current_dir(self.home.path().join("work"));
        command
    }

    /// Runs the program with these arguments, separated by blanks.
    pub fn iamwalk(&self, arguments: &str) -> Output {
        self.iamwalk_at(&self.endpoint, arguments)
    }

    pub fn iamwalk_at(&self, endpoint: &str, arguments: &str) -> Output {
        let mut command = self.command(env!("CARGO_BIN_EXE_iamwalk"), endpoint);
        // The list of runs has no endpoint.
        if !arguments.starts_with("runs") {
            command.args(["--endpoint-url", endpoint]);
        }
        command.args(arguments.split_whitespace()).output().unwrap()
    }

    /// The full screen of the program.
    pub fn terminal(&self, endpoint: &str) -> Terminal {
        Terminal::start(&["--endpoint-url", endpoint], self.home.path(), &self.keys, (100, 30))
    }

    pub fn python(&self, code: &str) -> String {
        moto::script(
            code,
            &[self.keys[0], self.keys[1], ("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", &self.endpoint)],
        )
    }

    /// Somebody else, who runs this code when called, whoever holds it.
    pub fn writer(&self, code: &str) -> impl Fn() + Send + Sync + use<> {
        let (code, keys, endpoint) = (code.to_owned(), self.keys, self.endpoint.clone());
        move || {
            let environment = [keys[0], keys[1], ("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", endpoint.as_str())];
            drop(moto::script(&code, &environment));
        }
    }

    pub fn is_practice(&self) -> bool {
        matches!(self.server, Server::Practice { .. })
    }

    pub fn state(&self) -> serde_json::Value {
        serde_json::from_str(&self.python(STATE)).unwrap()
    }

    pub fn reset(&self) {
        let url = format!("{}/moto-api/reset", self.endpoint);
        self.python(&format!("import urllib.request as r; r.urlopen(r.Request('{url}', method='POST')).read()"));
    }

    /// The files of the hand-over go, so that the next walk finds none.
    pub fn clear(&self) {
        let _ = fs::remove_dir_all(self.home.path().join(".aws"));
        for entry in fs::read_dir(self.home.path().join("work")).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".csv") || name.starts_with("u1_") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn assert_code(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "stdout:\n{}\nstderr:\n{}", text(&output.stdout), text(&output.stderr));
}
