//! The record of an exchange: one JSON line, never a value of what passed.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    sync::{Arc, Mutex},
};

use guard::Summary;
use serde::{Serialize, Serializer};

/// What is said of an exchange when it has ended.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Record {
    pub(crate) exchange: String,
    pub(crate) conversation: Option<String>,
    #[serde(serialize_with = "shared")]
    pub(crate) caller: Option<Arc<str>>,
    pub(crate) route: Option<&'static str>,
    #[serde(serialize_with = "shared")]
    pub(crate) upstream: Option<Arc<str>>,
    pub(crate) leg: Option<&'static str>,
    /// What the client was told; none if it left before.
    pub(crate) status: Option<u16>,
    pub(crate) deny: Option<&'static str>,
    #[serde(serialize_with = "within")]
    pub(crate) policy: Arc<str>,
    #[serde(serialize_with = "within")]
    pub(crate) packs: Arc<BTreeMap<String, String>>,
    pub(crate) findings: Findings,
    /// What rules in `mode: shadow` found: nothing was done.
    pub(crate) shadow: Findings,
    pub(crate) restored: u64,
    pub(crate) alerts: BTreeMap<&'static str, u64>,
    pub(crate) unscanned: Vec<&'static str>,
    pub(crate) us: Times,
    pub(crate) bytes: Bytes,
    pub(crate) aborted: Option<&'static str>,
}

/// Findings by entity.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Findings {
    #[serde(rename = "in")]
    pub(crate) request: BTreeMap<String, u64>,
    #[serde(rename = "out")]
    pub(crate) answer: BTreeMap<String, u64>,
}

/// Microseconds.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Times {
    pub(crate) total: u64,
    /// From the request's head to the first byte of the upstream's body.
    pub(crate) upstream_first: Option<u64>,
    /// From there to the first byte of the body that the client's socket took.
    pub(crate) added_first: Option<u64>,
    /// The longest that bytes were held back.
    pub(crate) hold_max: u64,
}

/// Bytes of bodies.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Bytes {
    #[serde(rename = "in")]
    pub(crate) request: u64,
    #[serde(rename = "out")]
    pub(crate) answer: u64,
}

impl Record {
    pub(crate) fn count_request(&mut self, summary: &Summary) {
        add(&mut self.findings.request, &summary.findings);
        add(&mut self.shadow.request, &summary.shadow);
        self.count_rest(summary);
    }

    pub(crate) fn count_answer(&mut self, summary: &Summary) {
        add(&mut self.findings.answer, &summary.findings);
        add(&mut self.shadow.answer, &summary.shadow);
        self.count_rest(summary);
    }

    fn count_rest(&mut self, summary: &Summary) {
        self.restored += summary.restored;
        add(&mut self.alerts, &summary.alerts);
    }
}

fn add<K: Clone + Ord>(sum: &mut BTreeMap<K, u64>, more: &BTreeMap<K, u64>) {
    for (key, n) in more {
        *sum.entry(key.clone()).or_default() += n;
    }
}

fn shared<S: Serializer>(text: &Option<Arc<str>>, to: S) -> Result<S::Ok, S::Error> {
    text.as_deref().serialize(to)
}

fn within<T: Serialize + ?Sized, S: Serializer>(value: &Arc<T>, to: S) -> Result<S::Ok, S::Error> {
    T::serialize(value, to)
}

/// Where records go.
#[derive(Debug)]
pub(crate) enum Sink {
    Nowhere,
    Stdout,
    /// The lock keeps lines whole where an operating system would split a long write.
    File(Mutex<File>),
}

impl Sink {
    pub(crate) fn file(path: &Path) -> io::Result<Self> {
        Ok(Sink::File(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?)))
    }

    /// Writes one line, whole.
    pub(crate) fn write(&self, record: &Record) -> io::Result<()> {
        if matches!(self, Sink::Nowhere) {
            return Ok(());
        }
        let mut line = serde_json::to_vec(record)?;
        line.push(b'\n');
        match self {
            Sink::Nowhere => Ok(()),
            Sink::Stdout => {
                let mut out = io::stdout().lock();
                out.write_all(&line)?;
                out.flush()
            }
            Sink::File(file) => file.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).write_all(&line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_the_contract_says() {
        let mut record = Record { exchange: "x".into(), leg: Some("llm"), status: Some(200), ..Record::default() };
        let summary = Summary {
            findings: [("pan".to_owned(), 2)].into(),
            shadow: [("badge".to_owned(), 1)].into(),
            restored: 1,
            alerts: [("foreign_token", 1)].into(),
        };
        record.count_request(&summary);
        record.count_request(&summary);
        let line = serde_json::to_string(&record).unwrap();
        assert_eq!(
            line,
            r#"{"exchange":"x","conversation":null,"caller":null,"route":null,"upstream":null,"leg":"llm","status":200,"deny":null,"policy":"","packs":{},"findings":{"in":{"pan":4},"out":{}},"shadow":{"in":{"badge":2},"out":{}},"restored":2,"alerts":{"foreign_token":2},"unscanned":[],"us":{"total":0,"upstream_first":null,"added_first":null,"hold_max":0},"bytes":{"in":0,"out":0},"aborted":null}"#
        );
    }
}
