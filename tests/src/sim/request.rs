//! Reading HTTP/1.1 requests, byte for byte as they came.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// Far above what a gateway may send; a bound all the same.
const MAX_REQUEST: usize = 128 << 20;

/// A request and the bytes it was made of.
pub(super) struct Request {
    pub(super) raw: Vec<u8>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// The path without its query.
    pub(super) fn resource(&self) -> &str {
        self.path.split_once('?').map_or(&self.path, |(path, _)| path)
    }

    /// The first value of a query parameter, as it was written.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.path.split_once('?')?;
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name)).map(|(_, value)| value)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// The next request of a connection, taken out of `buffer`; none at its end.
pub(super) async fn next<R: AsyncRead + Unpin>(from: &mut R, buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        if let Some(request) = take(buffer)? {
            return Ok(Some(request));
        }
        if buffer.len() > MAX_REQUEST {
            return Err(garbage("request too large"));
        }
        if from.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// A whole request, taken out of `buffer`; none where more bytes must come.
pub(super) fn take(buffer: &mut Vec<u8>) -> io::Result<Option<Request>> {
    let mut slots = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Request::new(&mut slots);
    let status = head.parse(buffer).map_err(|_| garbage("not a request head"))?;
    let httparse::Status::Complete(start) = status else { return Ok(None) };
    let headers: Vec<_> = head
        .headers
        .iter()
        .map(|header| (header.name.to_ascii_lowercase(), String::from_utf8_lossy(header.value).into_owned()))
        .collect();
    let (method, path) = (head.method.unwrap_or_default().to_owned(), head.path.unwrap_or_default().to_owned());
    let chunked = find(&headers, "transfer-encoding").is_some_and(|coding| coding.contains("chunked"));
    let read = if chunked { dechunk(&buffer[start..])? } else { sized(&buffer[start..], &headers)? };
    let Some((body, length)) = read else { return Ok(None) };
    let raw = buffer.drain(..start + length).collect();
    Ok(Some(Request { raw, method, path, headers, body }))
}

type Body = Option<(Vec<u8>, usize)>;

fn sized(rest: &[u8], headers: &[(String, String)]) -> io::Result<Body> {
    let length = find(headers, "content-length").map_or(Ok(0), str::parse::<usize>);
    let length = length.map_err(|_| garbage("content-length is no number"))?;
    Ok(rest.get(..length).map(|body| (body.to_vec(), length)))
}

fn dechunk(rest: &[u8]) -> io::Result<Body> {
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        let parsed = httparse::parse_chunk_size(&rest[at..]).map_err(|_| garbage("not a chunk size"))?;
        let httparse::Status::Complete((digits, size)) = parsed else { return Ok(None) };
        at += digits;
        let size = usize::try_from(size).map_err(|_| garbage("chunk too large"))?;
        let Some(chunk) = rest.get(at..at + size + 2) else { return Ok(None) };
        body.extend_from_slice(&chunk[..size]);
        at += size + 2;
        if size == 0 {
            return Ok(Some((body, at)));
        }
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn garbage(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_request_and_leaves_the_next() {
        let mut buffer = b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n".to_vec();
        let first = take(&mut buffer).unwrap().unwrap();
        assert_eq!((first.path.as_str(), first.body.as_slice()), ("/a", b"hi".as_slice()));
        let second = take(&mut buffer).unwrap().unwrap();
        assert_eq!((second.path.as_str(), second.body.len()), ("/b", 0));
        assert!(take(&mut buffer).unwrap().is_none());
    }

    #[test]
    fn a_path_may_have_a_query() {
        let mut buffer = b"GET /v1/listen?model=a&keyterm=b HTTP/1.1\r\n\r\n".to_vec();
        let request = take(&mut buffer).unwrap().unwrap();
        assert_eq!((request.resource(), request.query("keyterm")), ("/v1/listen", Some("b")));
        assert_eq!(request.query("key"), None);
    }

    #[test]
    fn reads_chunked_bodies_and_keeps_the_raw_bytes() {
        let whole = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n".to_vec();
        let mut part = whole[..whole.len() - 3].to_vec();
        assert!(take(&mut part).unwrap().is_none());
        let mut buffer = whole.clone();
        let request = take(&mut buffer).unwrap().unwrap();
        assert_eq!((request.body.as_slice(), request.raw), (b"abcd".as_slice(), whole));
    }
}
