//! Server-sent events, by the HTML standard's grammar (section 9.2.6), as events with the bytes that carried them.
//!
//! The same events come out however the stream was read. Comments and unknown fields carry nothing to any client, so
//! their lines are dropped, except empty comments, which keep connections alive.

use std::ops::Range;

/// Bytes of one event, at most.
pub const MAX_EVENT: usize = 1 << 20;

/// What is wrong with a stream.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct SseError(pub &'static str);

/// Where an event's data is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Data {
    /// There is none: comments, or a field alone.
    None,
    /// One line of the event's bytes.
    Line(Range<usize>),
    /// Several lines, joined by line feeds.
    Lines(String),
}

/// An event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// The bytes that carried it, its blank line included, dropped lines left out.
    pub bytes: Vec<u8>,
    /// Its data.
    pub data: Data,
    /// The values of `event` and `id` fields.
    pub names: Vec<String>,
}

/// Cuts a stream into events.
#[derive(Debug, Default)]
pub struct Framer {
    /// Bytes of the line that is not complete.
    line: Vec<u8>,
    event: Draft,
    started: bool,
}

#[derive(Debug, Default)]
struct Draft {
    bytes: Vec<u8>,
    data: Vec<Range<usize>>,
    names: Vec<String>,
    dropped: usize,
}

impl Framer {
    /// Takes bytes as they come and appends the events that they complete.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<Event>) -> Result<(), SseError> {
        let mut rest = bytes;
        while let Some(&first) = rest.first() {
            // A lone CR ends its line, but only the byte behind it tells a lone one from CRLF.
            if self.line.last() == Some(&b'\r') && first != b'\n' {
                self.end_line(events)?;
            }
            let run = rest.iter().position(|b| matches!(b, b'\n' | b'\r')).map_or(rest.len(), |i| i + 1);
            self.line.extend_from_slice(&rest[..run]);
            rest = &rest[run..];
            if self.line.len() + self.event.bytes.len() + self.event.dropped > MAX_EVENT {
                return Err(SseError("an event of more than 1 MiB"));
            }
            if self.line.last() == Some(&b'\n') {
                self.end_line(events)?;
            }
        }
        Ok(())
    }

    /// The stream ended: what is complete but for its blank line still counts.
    pub fn finish(&mut self, events: &mut Vec<Event>) -> Result<(), SseError> {
        if !self.line.is_empty() {
            self.end_line(events)?;
        }
        self.dispatch(events)
    }

    /// Bytes that wait for the rest of their event.
    pub fn held(&self) -> usize {
        self.line.len() + self.event.bytes.len()
    }

    fn end_line(&mut self, events: &mut Vec<Event>) -> Result<(), SseError> {
        let line = std::mem::take(&mut self.line);
        let bom = if self.started { None } else { line.strip_prefix(b"\xEF\xBB\xBF") };
        self.started = true;
        let line = bom.unwrap_or(&line);
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            self.event.bytes.extend_from_slice(line);
            return self.dispatch(events);
        }
        self.event.field(line, text)
    }

    fn dispatch(&mut self, events: &mut Vec<Event>) -> Result<(), SseError> {
        let Draft { bytes, data, names, .. } = std::mem::take(&mut self.event);
        if bytes.is_empty() {
            return Ok(());
        }
        let data = match &data[..] {
            [] => Data::None,
            [one] => Data::Line(one.clone()),
            many => {
                let lines: Vec<&[u8]> = many.iter().map(|r| &bytes[r.clone()]).collect();
                let joined = String::from_utf8(lines.join(&b'\n'));
                Data::Lines(joined.map_err(|_| SseError("an event that is not UTF-8"))?)
            }
        };
        events.push(Event { bytes, data, names });
        Ok(())
    }
}

impl Draft {
    fn field(&mut self, line: &[u8], text: &[u8]) -> Result<(), SseError> {
        let colon = text.iter().position(|&b| b == b':').unwrap_or(text.len());
        let (name, rest) = text.split_at(colon);
        let skip = usize::from(!rest.is_empty()) + usize::from(rest.get(1) == Some(&b' '));
        let value = colon + skip..text.len();
        let keep = match name {
            b"" => value.is_empty(),
            b"data" => {
                self.data.push(self.bytes.len() + value.start..self.bytes.len() + value.end);
                true
            }
            b"event" | b"id" => {
                let name = std::str::from_utf8(&text[value]).map_err(|_| SseError("an event that is not UTF-8"))?;
                self.names.push(name.to_owned());
                true
            }
            b"retry" => value.len() <= 9 && text[value].iter().all(u8::is_ascii_digit),
            _ => false,
        };
        if keep {
            self.bytes.extend_from_slice(line);
        } else {
            self.dropped += line.len();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
