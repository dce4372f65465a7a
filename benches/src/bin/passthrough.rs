//! Pingora's own proxying and nothing else: what the gateway is compared with.
//!
//! `passthrough HOST:PORT` sends every request on to that address, and says on stdout where it listens itself.

use std::{
    error::Error as StdError,
    io::{self, Write},
    net::TcpListener,
    os::fd::IntoRawFd,
    sync::Arc,
};

use async_trait::async_trait;
use pingora_core::{
    Result,
    server::{Fds, ListenFds, configuration::ServerConf},
    services::Service,
    upstreams::peer::HttpPeer,
};
use pingora_proxy::{ProxyHttp, ProxyServiceBuilder, Session};
use tokio::sync::watch;

/// The allocator that the gateway uses, so that only the proxying differs.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::result::Result<(), Box<dyn StdError>> {
    let upstream = std::env::args().nth(1).ok_or("usage: passthrough HOST:PORT")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?.to_string();
    let mut inherited = Fds::new();
    inherited.add(address.clone(), listener.into_raw_fd());
    let inherited: ListenFds = Arc::new(inherited.into());

    let mut service = ProxyServiceBuilder::new(&Arc::new(ServerConf::default()), Passthrough { upstream }).build();
    service.add_tcp(&address);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let (_stop, stopped) = watch::channel(false);
    let ready = serde_json::json!({"event": "ready", "listen": address, "pid": std::process::id()});
    writeln!(io::stdout(), "{ready}")?;
    runtime.block_on(async { Service::start_service(&mut service, Some(inherited), stopped, 1).await });
    Ok(())
}

struct Passthrough {
    upstream: String,
}

#[async_trait]
impl ProxyHttp for Passthrough {
    type CTX = ();

    fn new_ctx(&self) {}

    async fn upstream_peer(&self, _: &mut Session, _: &mut ()) -> Result<Box<HttpPeer>> {
        Ok(Box::new(HttpPeer::new(&self.upstream, false, String::new())))
    }
}
