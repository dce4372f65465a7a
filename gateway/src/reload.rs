//! Reloading packs and policy while exchanges run: on a thread of its own, which looks at the files, compiles what has
//! changed, and swaps it in whole, or refuses it and lets the old one serve on.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use crate::{
    config::{Finding, Rules},
    event,
    log::{self, Level},
    ruleset::{
        Live, Ruleset,
        source::{Source, Texts},
        watch::Watch,
    },
};

/// Between two looks at the files.
const PERIOD: Duration = Duration::from_secs(1);

/// What was read, or why it could not be.
type Look = Result<Texts, Vec<Finding>>;

/// The thread's own.
struct Reloader {
    source: Source,
    live: Arc<Live>,
    /// What runs.
    running: Texts,
    watch: Watch<Look>,
}

/// Starts to watch the files that the rules came from. `asked` brings requests to reload at once; the thread ends when
/// nobody is left who could ask.
pub(crate) fn start(rules: Rules, asked: Receiver<()>) -> io::Result<()> {
    let Rules { source, texts, live } = rules;
    let mut reloader = Reloader { source, live, watch: Watch::new(Ok(texts.clone())), running: texts };
    thread::Builder::new().name("reload".into()).spawn(move || while reloader.wait(&asked) {})?;
    Ok(())
}

impl Reloader {
    /// Waits for the next look, and takes it; false when it was the last.
    fn wait(&mut self, asked: &Receiver<()>) -> bool {
        let asked = match self.source.is_files() {
            true => asked.recv_timeout(PERIOD),
            false => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        if asked == Err(RecvTimeoutError::Disconnected) {
            return false;
        }
        let look = self.source.read();
        // Whoever asks has finished writing, and waits for an answer.
        if asked.is_ok() || self.watch.settled(&look) {
            self.judge(look);
        }
        true
    }

    fn judge(&mut self, look: Look) {
        let next = look.as_ref().map_err(Vec::clone).and_then(|texts| Ok((texts, compile(texts, &self.source)?)));
        match next {
            Ok((texts, ruleset)) => self.swap(texts, ruleset),
            Err(wrong) => refuse(&wrong),
        }
        self.watch.judged(look);
    }

    fn swap(&mut self, texts: &Texts, next: Ruleset) {
        let before = self.live.replace(next);
        let now = self.live.now();
        log::notice(format_args!("rules reloaded: {}", now.header()));
        if before.header() == now.header() && self.running != *texts {
            let what = "the rules changed and their versions did not: records cannot tell which ran; count them up";
            log::write(Level::Warn, format_args!("{what}"));
        }
        now.notice_restoring();
        self.running = texts.clone();
        event::reloaded(&now);
    }
}

/// A rule that the engine chokes on ends no thread: it is refused like any other.
fn compile(texts: &Texts, source: &Source) -> Result<Ruleset, Vec<Finding>> {
    catch_unwind(AssertUnwindSafe(|| texts.compile(source)))
        .unwrap_or_else(|_| Err(vec![Finding::new(Path::new("rules"), "", "the engine failed on them")]))
}

fn refuse(wrong: &[Finding]) {
    for finding in wrong {
        log::write(Level::Error, format_args!("rules not reloaded, those before serve on: {finding}"));
    }
    wrong.iter().take(1).for_each(event::reload_refused);
}
