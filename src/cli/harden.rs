//! Keeps the program's memory, with the secrets in it, from the disk and from other programs of the same user.

/// No core dump and no tracing: a core, or a debugger, would hold the SDK's and the terminal's copies of a secret, which
/// nobody can wipe. Where the platform has no way, or refuses, nothing is said: the program works anyway.
#[cfg(unix)]
pub fn disable_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // The limit does not stop a handler that the kernel pipes a core into; this does, and keeps tracers off besides.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

#[cfg(not(unix))]
pub fn disable_core_dumps() {}
