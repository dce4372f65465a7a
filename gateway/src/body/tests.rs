//! Bodies: what is announced, and what then comes.

use std::collections::VecDeque;

use bytes::Bytes;

use super::*;
use crate::{
    budget::Budget,
    ports::{Gone, Head},
};

/// A client that sends a body and takes nothing.
pub(crate) struct Sender(pub(crate) VecDeque<Result<&'static str, BadBody>>, pub(crate) bool);

impl Downstream for Sender {
    async fn read(&mut self) -> Result<Option<Bytes>, BadBody> {
        match self.0.pop_front() {
            Some(chunk) => chunk.map(|text| Some(text.into())),
            None if self.1 => std::future::pending().await,
            None => Ok(None),
        }
    }

    async fn write_head(&mut self, _: Head, _: Bytes, _: bool) -> Result<(), Gone> {
        Err(Gone)
    }

    async fn write(&mut self, _: Bytes, _: bool) -> Result<(), Gone> {
        Err(Gone)
    }

    async fn gone(&mut self) {
        std::future::pending().await
    }
}

fn announce(lines: &[(&str, &str)]) -> Result<(), Deny> {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap());
    }
    announced(&headers, 10)
}

#[test]
fn only_json_in_utf8() {
    let good = [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=\"UTF-8\"",
    ];
    for good in good {
        assert_eq!(announce(&[("content-type", good)]), Ok(()), "{good}");
    }
    let bad =
        ["text/plain", "application/json; charset=utf-16", "application/jsonl", "", "application/json, text/plain"];
    for bad in bad {
        assert_eq!(announce(&[("content-type", bad)]), Err(Deny::ContentType), "{bad}");
    }
    assert_eq!(announce(&[]), Err(Deny::ContentType));
    let twice = [("content-type", "application/json"), ("content-type", "text/plain")];
    assert_eq!(announce(&twice), Err(Deny::ContentType));
}

#[test]
fn no_encoding_and_no_more_than_the_limit() {
    let json = ("content-type", "application/json");
    assert_eq!(announce(&[json, ("content-encoding", "identity"), ("content-length", "10")]), Ok(()));
    for encoding in ["gzip", "identity, gzip", "br"] {
        assert_eq!(announce(&[json, ("content-encoding", encoding)]), Err(Deny::ContentEncoding));
    }
    assert_eq!(announce(&[json, ("content-length", "11")]), Err(Deny::BodyTooLarge { limit: 10 }));
}

#[tokio::test]
async fn what_comes_is_read_whole_or_refused() {
    let cases = [
        (vec![Ok("01234"), Ok("56789")], false, Ok(b"0123456789".to_vec())),
        (vec![Ok("01234"), Ok("567890")], false, Err(Stop::Refused(Deny::BodyTooLarge { limit: 10 }))),
        (vec![Ok("01234"), Err(BadBody::Gone)], false, Err(Stop::ClientLeft)),
        (vec![Ok("01234")], true, Err(Stop::Refused(Deny::BodyTimeout))),
    ];
    for (chunks, hangs, expected) in cases {
        let budget = Budget::new(100);
        let mut room = budget.reserve(0).unwrap();
        let read = read(&mut Sender(chunks.into(), hangs), &mut room, 10, Duration::from_millis(20)).await;
        assert_eq!(read, expected);
    }
    let mut room = Budget::new(8).reserve(0).unwrap();
    let sender = &mut Sender([Ok("01234"), Ok("56789")].into(), false);
    assert_eq!(read(sender, &mut room, 10, Duration::from_secs(1)).await, Err(Stop::Refused(Deny::Busy)));
    let sender = &mut Sender([Err(BadBody::Framing)].into(), false);
    let refused = read(sender, &mut room, 10, Duration::from_secs(1)).await;
    assert!(matches!(refused, Err(Stop::Refused(Deny::BodyInvalid(_)))));
}
