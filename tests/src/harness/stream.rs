//! Server-sent events of a chat, read by the standard's grammar.

use serde_json::Value;

/// The events of one response.
#[derive(Debug)]
pub struct Stream {
    /// The data of every event.
    pub data: Vec<String>,
}

impl Stream {
    /// Lines end in LF, CR or CRLF; several data lines of an event are joined by LF; comments are nothing.
    pub fn parse(text: &str) -> Self {
        let (mut data, mut event) = (Vec::new(), None::<String>);
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        for line in text.split('\n') {
            if line.is_empty() {
                data.extend(event.take());
            } else if let Some(value) = line.strip_prefix("data:") {
                let value = value.strip_prefix(' ').unwrap_or(value);
                event = Some(event.map_or_else(|| value.to_owned(), |before| before + "\n" + value));
            }
        }
        Self { data }
    }

    /// Every event that is JSON.
    pub fn events(&self) -> Vec<Value> {
        self.data.iter().filter_map(|data| serde_json::from_str(data).ok()).collect()
    }

    /// The joined content of a choice.
    pub fn content(&self, choice: usize) -> String {
        self.field(choice, "content")
    }

    /// The joined text of one field of a choice's deltas.
    pub fn field(&self, choice: usize, field: &str) -> String {
        self.deltas(choice).iter().filter_map(|delta| delta[field].as_str()).collect()
    }

    /// The joined arguments of a tool call of a choice.
    pub fn arguments(&self, choice: usize, call: usize) -> String {
        let deltas = self.deltas(choice);
        let calls = deltas.iter().filter_map(|delta| delta["tool_calls"].as_array()).flatten();
        calls
            .filter(|part| part["index"].as_u64() == Some(call as u64))
            .filter_map(|part| part["function"]["arguments"].as_str())
            .collect()
    }

    /// The finish reason of a choice.
    pub fn finish(&self, choice: usize) -> Option<String> {
        self.choices(choice).iter().find_map(|choice| choice["finish_reason"].as_str().map(str::to_owned))
    }

    /// Whether it says that it is done.
    pub fn is_done(&self) -> bool {
        self.data.last().is_some_and(|data| data == "[DONE]")
    }

    /// The code of the error event that ends it.
    pub fn error(&self) -> Option<String> {
        self.events().last().and_then(|event| event["error"]["code"].as_str().map(str::to_owned))
    }

    fn deltas(&self, choice: usize) -> Vec<Value> {
        self.choices(choice).into_iter().map(|choice| choice["delta"].clone()).collect()
    }

    fn choices(&self, index: usize) -> Vec<Value> {
        let events = self.events();
        let all = events.iter().filter_map(|event| event["choices"].as_array()).flatten();
        all.filter(|choice| choice["index"].as_u64().unwrap_or(0) == index as u64).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_standards_grammar() {
        let stream = Stream::parse("\u{feff}: hello\r\ndata: one\r\ndata:two\r\n\r\nevent: x\ndata: three\r\r");
        assert_eq!(stream.data, ["one\ntwo", "three"]);
    }
}
