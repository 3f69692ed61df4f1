//! A real pseudo-terminal with the real program in it, and the screen that it draws.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// How long a screen may take to show something: these machines are shared and slow at times.
const PATIENCE: Duration = Duration::from_secs(60);

fn nonzero(n: u16) -> NonZero<u16> {
    NonZero::new(n).unwrap()
}

/// The program in a terminal.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
    /// Everything that the program ever wrote.
    pub written: Arc<Mutex<Vec<u8>>>,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Terminal {
    /// Starts the program in a fresh home, with nothing of this machine's AWS settings.
    pub fn start(arguments: &[&str], home: &Path, environment: &[(&str, &str)], size: (u16, u16)) -> Self {
        Self::start_program(env!("CARGO_BIN_EXE_iamwalk"), arguments, home, environment, size)
    }

    /// The same for any program; the benchmarks compare.
    pub fn start_program(program: &str, arguments: &[&str], home: &Path, environment: &[(&str, &str)], size: (u16, u16)) -> Self {
        let size = PtySize { cols: size.0, rows: size.1, pixel_width: 0, pixel_height: 0 };
        let pty = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("HOME", home);
        command.env("TMPDIR", home);
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("TERM", "xterm-256color");
        command.env("AWS_EC2_METADATA_DISABLED", "true");
        for (name, value) in environment {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(nonzero(size.rows), nonzero(size.cols), 0)));
        let written = Arc::new(Mutex::new(Vec::new()));
        let mut reader = pty.master.try_clone_reader().unwrap();
        let (parser, log) = (Arc::clone(&screen), Arc::clone(&written));
        thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                log.lock().unwrap().extend_from_slice(&buffer[..n]);
                parser.lock().unwrap().process(&buffer[..n]);
            }
        });
        let writer = pty.master.take_writer().unwrap();
        Self { master: pty.master, writer, child, screen, written }
    }

    /// What is on the screen now.
    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// What this makes of the screen.
    #[allow(dead_code, reason = "the benchmarks make no pictures")]
    pub fn with_screen<T>(&self, make: impl FnOnce(&vt100::Screen) -> T) -> T {
        make(self.screen.lock().unwrap().screen())
    }

    /// Whether this is on it.
    fn shows(&self, text: &str) -> bool {
        let screen = self.screen();
        screen.contains(text) || squeezed(&screen).contains(text)
    }

    /// Whether the alternate screen, the mouse or bracketed paste is still on.
    pub fn is_full_screen(&self) -> bool {
        let parser = self.screen.lock().unwrap();
        let screen = parser.screen();
        screen.alternate_screen() || screen.bracketed_paste() || screen.hide_cursor()
    }

    /// Waits until the screen shows this.
    pub fn wait(&self, text: &str) {
        let start = Instant::now();
        while !self.shows(text) {
            assert!(start.elapsed() < PATIENCE, "no “{text}” on the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Waits until the screen shows one of these.
    pub fn wait_for_one(&self, texts: &[&str]) {
        let start = Instant::now();
        while !texts.iter().any(|text| self.shows(text)) {
            assert!(start.elapsed() < PATIENCE, "none of {texts:?} on the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the screen shows this no more.
    pub fn wait_gone(&self, text: &str) {
        let start = Instant::now();
        while self.shows(text) {
            assert!(start.elapsed() < PATIENCE, "still “{text}” on the screen:\n{}", self.screen());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until nothing is drawn for a while: a frame may arrive in pieces.
    pub fn wait_still(&self) {
        let start = Instant::now();
        let drawn = || self.written.lock().unwrap().len();
        let mut before = drawn();
        loop {
            thread::sleep(Duration::from_millis(300));
            let now = drawn();
            if now == before {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "it never comes to rest:\n{}", self.screen());
            before = now;
        }
    }

    /// Presses keys, as bytes of the terminal.
    pub fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Sends bytes that need not be text.
    #[allow(dead_code, reason = "the benchmarks type text")]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.writer.write_all(bytes).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits for a text, then presses keys.
    pub fn at(&mut self, text: &str, keys: &str) {
        self.wait(text);
        self.keys(keys);
    }

    /// Changes the size.
    pub fn resize(&self, cols: u16, rows: u16) {
        self.screen.lock().unwrap().screen_mut().set_size(nonzero(rows), nonzero(cols));
        self.master.resize(PtySize { cols, rows, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Whether it has ended.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end; the exit code.
    pub fn end(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                // What was written last is read by the other thread.
                thread::sleep(Duration::from_millis(200));
                return status.exit_code();
            }
            assert!(start.elapsed() < PATIENCE, "the program does not end:\n{}", self.screen());
            thread::sleep(Duration::from_millis(15));
        }
    }
}

/// A screen with two blanks between a label and its value, whatever the column of the values is.
pub fn squeezed(screen: &str) -> String {
    let words = screen.lines().map(|line| {
        let mut out = String::with_capacity(line.len());
        let mut blanks = 0;
        for c in line.chars() {
            blanks = if c == ' ' { blanks + 1 } else { 0 };
            if blanks < 3 {
                out.push(c);
            }
        }
        out + "\n"
    });
    words.collect()
}
