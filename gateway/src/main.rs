//! The program `tidegate`.

use std::process::ExitCode;

/// Streams come and go by the thousand; glibc's allocator does not give their memory back.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    tidegate::log::init(std::env::var("TIDEGATE_LOG").ok().as_deref());
    tidegate::cli::run(std::env::args_os())
}
