//! The bare program beside which iamwalk's first frame is measured: clap, tokio and ratatui, one frame, nothing else.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test or a measurement ends so")]

use clap::Parser;

#[derive(Parser)]
struct Args {
    /// Draw a frame and wait for a key.
    #[arg(long)]
    frame: bool,
    /// What `cargo bench` says.
    #[arg(long)]
    bench: bool,
}

fn main() {
    let args = Args::parse();
    if !args.frame || args.bench {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut terminal = ratatui::init();
    runtime.block_on(async {
        terminal.draw(|frame| frame.render_widget("Walkthrough", frame.area())).unwrap();
        let _ = tokio::task::spawn_blocking(crossterm::event::read).await;
    });
    ratatui::restore();
}
