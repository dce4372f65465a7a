//! A certificate that is replaced while the gateway runs: looked at every second, shown once two looks agree. A broken
//! one is refused, and the one before is shown on.

use std::{
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use time::OffsetDateTime;

use super::{
    Shown,
    certificate::day,
    pair::{Digest, Files, NoPair, Pair, Reading},
};
use crate::{
    event,
    log::{self, Level},
    ruleset::watch::Watch,
};

/// Between two looks at the files.
const PERIOD: Duration = Duration::from_secs(1);

/// The thread's own.
struct Reloader {
    files: Files,
    shown: Arc<Shown>,
    watch: Watch<Result<Digest, NoPair>>,
}

/// Starts to watch the files, of which `first` is shown. `asked` brings requests to look at once; the thread ends when
/// nobody is left who could ask.
pub(crate) fn start(files: Files, first: Digest, shown: Arc<Shown>, asked: Receiver<()>) -> io::Result<()> {
    let mut reloader = Reloader { files, shown, watch: Watch::new(Ok(first)) };
    thread::Builder::new().name("reload-tls".into()).spawn(move || while reloader.wait(&asked) {})?;
    Ok(())
}

impl Reloader {
    /// Waits for the next look, and takes it; false when it was the last.
    fn wait(&mut self, asked: &Receiver<()>) -> bool {
        let asked = asked.recv_timeout(PERIOD);
        if asked == Err(RecvTimeoutError::Disconnected) {
            return false;
        }
        let reading = self.files.read();
        let look = reading.as_ref().map(Reading::digest).map_err(Clone::clone);
        // Whoever asks has finished writing, and waits for an answer.
        if asked.is_ok() || self.watch.settled(&look) {
            match reading.and_then(|reading| self.files.pair(&reading)) {
                Ok(pair) => self.show(&pair),
                Err(wrong) => self.refuse(&wrong),
            }
            self.watch.judged(look);
        }
        true
    }

    fn show(&self, pair: &Pair) {
        self.shown.replace(pair.certified.clone());
        let (certificate, file) = (&pair.certificate, &self.files.cert_file);
        log::notice(format_args!("certificate reloaded: {}, until {}", file.display(), day(certificate.not_after)));
        self.files.warn(pair, OffsetDateTime::now_utc());
        event::certificate_reloaded(file, certificate);
    }

    fn refuse(&self, wrong: &NoPair) {
        log::write(Level::Error, format_args!("certificate not reloaded, the one before is shown on: {wrong}"));
        event::certificate_refused(&self.files.cert_file, wrong);
    }
}
