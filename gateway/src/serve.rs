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
    services::{Service as _, listening::Service},
};
use pingora_proxy::{HttpProxy, ProxyServiceBuilder};
use time::OffsetDateTime;
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::timeout,
};

use crate::{
    build,
    clock::Clock,
    config::{ListenSettings, Settings, TlsListenSettings},
    drain::Drain,
    edge::Edge,
    event, log, reload, tls,
};

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

/// Where the gateway listens.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Addresses {
    pub(crate) plain: Option<SocketAddr>,
    pub(crate) tls: Option<SocketAddr>,
}

/// Those that SIGHUP asks to reload.
type Asking = Vec<mpsc::SyncSender<()>>;

/// Serves until the process is told to end.
pub fn run(settings: Settings) -> Result<(), Failure> {
    let started = Instant::now();
    let clock = Clock::new(move || started.elapsed());
    let (threads, limit) = (settings.threads, settings.deadlines.drain);
    let drain = Drain::new();
    let edge = build::edge(&settings, clock, drain.clone()).map_err(Failure::Configuration)?;
    let live = settings.rules.live.clone();

    // Pingora's own server sleeps its whole grace period and knows no port 0, so that its service runs without it.
    let mut service = ProxyServiceBuilder::new(&Arc::new(ServerConf::default()), edge).name("edge").build();
    let mut asking = Asking::new();
    let (addresses, fds) = listen(&settings.listen, &mut service, &mut asking)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    threads.map(|n| runtime.worker_threads(n));
    let runtime = runtime.enable_all().build().map_err(system("the runtime did not start"))?;
    let (ask, asked) = mpsc::sync_channel(1);
    asking.push(ask);
    reload::start(settings.rules, asked).map_err(system("the thread that reloads did not start"))?;
    let (stop, stopped) = watch::channel(false);
    runtime.spawn(async move { service.start_service(Some(fds), stopped, 1).await });

    let open = runtime.block_on(async {
        let mut term = signal(SignalKind::terminate()).map_err(system("no handler for SIGTERM"))?;
        let mut int = signal(SignalKind::interrupt()).map_err(system("no handler for SIGINT"))?;
        let mut hup = signal(SignalKind::hangup()).map_err(system("no handler for SIGHUP"))?;
        tokio::spawn(async move {
            while hup.recv().await.is_some() {
                for ask in &asking {
                    // One request that waits stands for all that come until it is taken.
                    let _ = ask.try_send(());
                }
            }
        });
        event::ready(&addresses, &live.now());
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

/// Gives the service its listeners. It binds by itself, so that port 0 has a number before the service starts, and hands
/// the sockets to Pingora by its table of inherited ones.
fn listen(
    settings: &ListenSettings,
    service: &mut Service<HttpProxy<Edge>>,
    asking: &mut Asking,
) -> Result<(Addresses, ListenFds), Failure> {
    // Pingora would buffer 64 KiB for every connection; what a stream's client sends fits into far less.
    let buffers = L4BufferSettings::default().read(8 << 10).write(4 << 10);
    let (mut addresses, mut fds) = (Addresses::default(), Fds::new());
    if let Some(plain) = settings.plain {
        let address = bind(plain, &mut fds, "listen: the address cannot be listened on")?;
        service.add_listener(ListenerConfig::tcp(address.to_string()).l4_buffer(buffers));
        addresses.plain = Some(address);
        if !address.ip().is_loopback() {
            let wrong = "listen: agents' keys and texts cross the network in the clear: use listen_tls";
            log::write(log::Level::Warn, format_args!("{wrong}"));
        }
    }
    if let Some(tls) = &settings.tls {
        let shown = show(tls, asking)?;
        let address = bind(tls.address, &mut fds, "listen_tls: the address cannot be listened on")?;
        let settings = tls::settings(shown).map_err(|_| Failure::Configuration("TLS cannot be served".into()))?;
        service.add_listener(ListenerConfig::tcp(address.to_string()).l4_buffer(buffers).tls(settings));
        addresses.tls = Some(address);
    }
    Ok((addresses, Arc::new(fds.into())))
}

/// Reads the certificate and its key, and goes on looking at them.
fn show(settings: &TlsListenSettings, asking: &mut Asking) -> Result<Arc<tls::Shown>, Failure> {
    let files = settings.files.clone();
    let reading = files.read().and_then(|reading| Ok((files.pair(&reading)?, reading.digest())));
    let (pair, digest) = reading.map_err(|wrong| Failure::Configuration(format!("tls: {wrong}")))?;
    files.warn(&pair, OffsetDateTime::now_utc());
    let shown = tls::Shown::new(pair.certified);
    let (ask, asked) = mpsc::sync_channel(1);
    asking.push(ask);
    let started = tls::reload::start(files, (digest, pair.certificate), shown.clone(), asked);
    started.map_err(system("the thread that reloads the certificate did not start"))?;
    Ok(shown)
}

fn bind(wanted: SocketAddr, fds: &mut Fds, wrong: &'static str) -> Result<SocketAddr, Failure> {
    let listener = TcpListener::bind(wanted).map_err(system(wrong))?;
    listener.set_nonblocking(true).map_err(system(wrong))?;
    let address = listener.local_addr().map_err(system(wrong))?;
    fds.add(address.to_string(), listener.into_raw_fd());
    Ok(address)
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
