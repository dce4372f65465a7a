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
    certificate::{Certificate, day},
    pair::{Digest, Files, NoPair, Pair, Reading, wrong_with},
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
    reminder: Reminder,
}

/// Warns once a day while the certificate that is shown comes to its end, and when it has.
struct Reminder {
    certificate: Certificate,
    said: Option<String>,
}

/// Starts to watch the files, of which `first` is shown. `asked` brings requests to look at once; the thread ends when
/// nobody is left who could ask.
pub(crate) fn start(
    files: Files,
    first: (Digest, Certificate),
    shown: Arc<Shown>,
    asked: Receiver<()>,
) -> io::Result<()> {
    let reminder = Reminder::new(first.1, OffsetDateTime::now_utc());
    let mut reloader = Reloader { files, shown, watch: Watch::new(Ok(first.0)), reminder };
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
        if let Some(wrong) = self.reminder.news(OffsetDateTime::now_utc()) {
            log::write(Level::Warn, format_args!("{}: {wrong}", self.files.cert_file.display()));
        }
        true
    }

    fn show(&mut self, pair: &Pair) {
        let now = OffsetDateTime::now_utc();
        self.shown.replace(pair.certified.clone());
        let (certificate, file) = (&pair.certificate, &self.files.cert_file);
        log::notice(format_args!("certificate reloaded: {}, until {}", file.display(), day(certificate.not_after)));
        self.files.warn(pair, now);
        self.reminder = Reminder::new(pair.certificate.clone(), now);
        event::certificate_reloaded(file, certificate);
    }

    fn refuse(&self, wrong: &NoPair) {
        log::write(Level::Error, format_args!("certificate not reloaded, the one before is shown on: {wrong}"));
        event::certificate_refused(&self.files.cert_file, wrong);
    }
}

impl Reminder {
    /// What is wrong now has been said.
    fn new(certificate: Certificate, now: OffsetDateTime) -> Self {
        Reminder { said: wrong_with(&certificate, now), certificate }
    }

    /// What is to be said now and was not said last.
    fn news(&mut self, now: OffsetDateTime) -> Option<&str> {
        let wrong = wrong_with(&self.certificate, now);
        if wrong == self.said {
            return None;
        }
        self.said = wrong;
        self.said.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};
    use time::Duration;

    use super::*;

    #[test]
    fn an_end_that_comes_is_said_once_a_day() {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        (params.not_before, params.not_after) = (now, now + Duration::days(90));
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let mut reminder = Reminder::new(Certificate::read(made.der()).unwrap(), now);
        let hours: Vec<_> = (0..24 * 95).filter(|hour| reminder.news(now + Duration::hours(*hour)).is_some()).collect();
        let days: Vec<_> = hours.iter().map(|hour| hour / 24).collect();
        assert_eq!(days, (76..=90).collect::<Vec<_>>(), "14 days, and its end");
    }
}
