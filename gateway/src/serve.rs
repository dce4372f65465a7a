//! The process: it binds, says that it is ready, serves, and drains when it is told to end.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    os::fd::IntoRawFd,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use pingora_core::{
    listeners::{L4BufferSettings, ListenerConfig},
    server::{Fds, ListenFds, configuration::ServerConf},
    services::Service,
};
use pingora_proxy::ProxyServiceBuilder;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

use crate::{build, clock::Clock, config::Settings, drain::Drain, event, reload};

/// How long cut exchanges may take for their last words.
const AFTER_THE_CUT: Duration = Duration::from_secs(3);

/// Why the gateway does not serve.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration asks for what is not there.
    #[error("{0}")]
    Configuration(String),
    /// The system refuses.
    #[error("{what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What it said.
        source: io::Error,
    },
}

/// Serves until the process is told to end.
pub fn run(settings: Settings) -> Result<(), Failure> {
    let started = Instant::now();
    let clock = Clock::new(move || started.elapsed());
    let (listen, threads, limit) = (settings.listen, settings.threads, settings.deadlines.drain);
    let drain = Drain::new();
    let edge = build::edge(&settings, clock, drain.clone()).map_err(Failure::Configuration)?;
    let live = settings.rules.live.clone();
    let (address, fds) = bind(listen)?;

    // Pingora's own server sleeps its whole grace period and knows no port 0, so that its service runs without it.
    let mut service = ProxyServiceBuilder::new(&Arc::new(ServerConf::default()), edge).name("edge").build();
    // Pingora would buffer 64 KiB for every connection; what a stream's client sends fits into far less.
    let buffers = L4BufferSettings::default().read(8 << 10).write(4 << 10);
    service.add_listener(ListenerConfig::tcp(address.to_string()).l4_buffer(buffers));
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    threads.map(|n| runtime.worker_threads(n));
    let runtime = runtime.enable_all().build().map_err(system("the runtime did not start"))?;
    // One request that waits stands for all that come until it is taken.
    let (ask, asked) = mpsc::sync_channel(1);
    reload::start(settings.rules, asked).map_err(system("the thread that reloads did not start"))?;
    let (stop, stopped) = watch::channel(false);
    runtime.spawn(async move { Service::start_service(&mut service, Some(fds), stopped, 1).await });

    let open = runtime.block_on(async {
        let mut term = signal(SignalKind::terminate()).map_err(system("no handler for SIGTERM"))?;
        let mut int = signal(SignalKind::interrupt()).map_err(system("no handler for SIGINT"))?;
        let mut hup = signal(SignalKind::hangup()).map_err(system("no handler for SIGHUP"))?;
        tokio::spawn(async move {
            while hup.recv().await.is_some() {
                let _ = ask.try_send(());
            }
        });
        event::ready(address, &live.now());
        wait(&mut term, &mut int).await;
        drain.begin();
        // An error would mean that the service has ended by itself.
        let _ = stop.send(true);
        tokio::select! {
            _ = timeout(limit, drain.empty()) => {}
            () = wait(&mut term, &mut int) => {}
        }
        drain.cut();
        let _ = timeout(AFTER_THE_CUT, drain.empty()).await;
        Ok(drain.open())
    })?;
    event::drained(open);
    runtime.shutdown_background();
    Ok(())
}

/// Binds by ourselves, so that port 0 has a number before the service starts, and hands the socket to Pingora by its
/// table of inherited sockets.
fn bind(listen: SocketAddr) -> Result<(SocketAddr, ListenFds), Failure> {
    let listener = TcpListener::bind(listen).map_err(system("the address cannot be listened on"))?;
    listener.set_nonblocking(true).map_err(system("the listener is not usable"))?;
    let address = listener.local_addr().map_err(system("the listener is not usable"))?;
    let mut fds = Fds::new();
    fds.add(address.to_string(), listener.into_raw_fd());
    Ok((address, Arc::new(fds.into())))
}

async fn wait(term: &mut tokio::signal::unix::Signal, int: &mut tokio::signal::unix::Signal) {
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

fn system(what: &'static str) -> impl Fn(io::Error) -> Failure {
    move |source| Failure::System { what, source }
}
