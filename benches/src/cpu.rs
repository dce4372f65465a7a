//! CPU time and memory, as the kernel counts them.

use std::{fs, io};

/// CPU nanoseconds of this thread.
pub(crate) fn of_thread() -> io::Result<f64> {
    // Only a scheduling point brings the kernel's count up to date.
    std::thread::yield_now();
    on_cpu("/proc/thread-self/schedstat")
}

/// CPU nanoseconds of all threads of a process.
pub(crate) fn of_process(pid: u32) -> io::Result<f64> {
    let mut sum = 0.0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end between the two looks.
        sum += on_cpu(&format!("{}/schedstat", thread?.path().display())).unwrap_or(0.0);
    }
    Ok(sum)
}

/// Bytes of memory that a process has resident.
pub(crate) fn resident(pid: u32) -> io::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse::<f64>().ok());
    kilobytes.map(|k| k * 1024.0).ok_or_else(|| io::Error::other("no VmRSS"))
}

/// CPU nanoseconds that a piece of work takes once, measured over enough repetitions.
pub(crate) fn per_run(mut work: impl FnMut()) -> io::Result<f64> {
    const ENOUGH: f64 = 40e6;
    work();
    let mut runs = 1;
    loop {
        let start = of_thread()?;
        for _ in 0..runs {
            work();
        }
        let took = of_thread()? - start;
        if took >= ENOUGH {
            return Ok(took / f64::from(runs));
        }
        runs = (f64::from(runs) * (1.2 * ENOUGH / took.max(1e5))).ceil() as u32;
    }
}

fn on_cpu(path: &str) -> io::Result<f64> {
    let text = fs::read_to_string(path)?;
    let first = text.split_whitespace().next().and_then(|n| n.parse().ok());
    first.ok_or_else(|| io::Error::other("no schedstat"))
}
