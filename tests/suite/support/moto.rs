//! A real server that others wrote: moto, installed into `target/` by the tests themselves, on a free loopback port. It ends
//! when the test does, even when the test is killed: it lives as long as its input.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// moto, and what reads what the program writes: the AWS CLI, a CloudFormation linter, an HCL parser.
const PACKAGES: &str = "moto[server]==5.2.5 awscli==1.46.3 cfn-lint==1.58.0 python-hcl2==8.1.4";

const SERVE: &str = "\
import os, sys, threading
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
";

/// A running moto.
pub struct Moto {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server of its own for a test.
pub fn start() -> Moto {
    let mut child = Command::new(python())
        .args(["-c", SERVE])
        .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the Python of target/moto runs");
    let mut port = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let port: u16 = port.trim().parse().expect("moto says its port");
    Moto { child, endpoint: format!("http://127.0.0.1:{port}") }
}

/// The Python of a virtual environment that has moto; made once, by whichever test comes first.
pub fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned();
    let home = target.join("moto");
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = home.join("installed");
    let lock = File::create(target.join("moto.lock")).unwrap();
    lock.lock().unwrap();
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == PACKAGES) {
        return python;
    }
    let _ = fs::remove_dir_all(&home);
    let made = Command::new("python3").args(["-m", "venv"]).arg(&home).status();
    assert!(
        made.is_ok_and(|status| status.success()),
        "The tests need Python 3 with its venv module (Debian: apt install python3-venv)."
    );
    let installed = Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES.split(' ')).status().unwrap();
    assert!(installed.success(), "pip could not install {PACKAGES}: the tests need the Python package index once.");
    fs::write(&stamp, PACKAGES).unwrap();
    python
}

/// The folder of the programs that were installed with it.
pub fn programs() -> PathBuf {
    python().parent().unwrap().to_owned()
}

/// Runs a Python script with boto3; gives what it printed.
pub fn script(code: &str, environment: &[(&str, &str)]) -> String {
    let output = Command::new(python())
        .args(["-c", code])
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
