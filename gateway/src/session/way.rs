//! One direction of a session: a sender's bytes become frames that the other side may see. No socket, no clock.

use guard::{SessionGuard, Summary, screen_text};
use wire::ws::{self, Limits, Message, Reader, Sender, WsError};

use super::masks::Masks;
use crate::deny::Deny;

/// A text is kept whole until it has been read; a frame of audio until it is there.
const LIMITS: Limits = Limits { text: 1 << 20, frame: 1 << 20 };

/// One direction.
pub(crate) struct Way {
    reader: Reader,
    guard: SessionGuard,
    /// Keys of frames that leave this way; a server's frames have none.
    masks: Option<Masks>,
    /// Keys of frames that go back to the sender.
    back_masks: Option<Masks>,
    from: Sender,
    closed: bool,
    audio: bool,
}

/// What bytes become.
#[derive(Default)]
pub(crate) struct Step {
    /// Frames for the other side.
    pub(crate) onward: Vec<u8>,
    /// Frames for the sender.
    pub(crate) back: Vec<u8>,
    /// Why no more is taken.
    pub(crate) refused: Option<Deny>,
}

impl Way {
    /// From the client to the upstream.
    pub(crate) fn to_upstream(guard: SessionGuard, masks: Masks) -> Self {
        Way::new(Sender::Client, guard, Some(masks), None)
    }

    /// From the upstream to the client.
    pub(crate) fn to_client(guard: SessionGuard, masks: Masks) -> Self {
        Way::new(Sender::Server, guard, None, Some(masks))
    }

    fn new(from: Sender, guard: SessionGuard, masks: Option<Masks>, back_masks: Option<Masks>) -> Self {
        Way { reader: Reader::new(from, LIMITS), guard, masks, back_masks, from, closed: false, audio: false }
    }

    /// Takes bytes as they come.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Step {
        let mut step = Step::default();
        if self.closed {
            return step;
        }
        let mut messages = Vec::new();
        let framed = self.reader.push(bytes, &mut messages);
        let read = messages.into_iter().try_for_each(|message| self.message(message, &mut step));
        step.refused = read.and(framed.map_err(|error| self.misframed(error))).err();
        step
    }

    fn message(&mut self, message: Message, step: &mut Step) -> Result<(), Deny> {
        match message {
            Message::Text(text) => self.text(&text, step),
            Message::Binary { .. } if !self.guard.passes_audio() => Err(self.refused("binary messages")),
            Message::Binary { data, first, last } => {
                self.audio = true;
                ws::binary(&data, first, last, self.mask()?, &mut step.onward);
                Ok(())
            }
            Message::Ping(payload) => {
                let mask = self.back_masks.as_mut().map(Masks::next).transpose()?;
                ws::pong(&payload, mask, &mut step.back);
                Ok(())
            }
            Message::Pong(_) => Ok(()),
            Message::Close { code, reason } => self.closing(code, &reason, step),
        }
    }

    fn text(&mut self, text: &str, step: &mut Step) -> Result<(), Deny> {
        let mut out = Vec::new();
        let read = self.guard.message(text, &mut out);
        self.send(out, step)?;
        read.map_err(|refusal| match self.from {
            Sender::Client => Deny::of_request(refusal),
            Sender::Server => Deny::of_answer(refusal),
        })
    }

    /// The sender says goodbye: what is held of its texts leaves as at any end, then its close, with a reason that may
    /// be seen.
    fn closing(&mut self, code: Option<u16>, reason: &str, step: &mut Step) -> Result<(), Deny> {
        self.closed = true;
        let mut out = Vec::new();
        let finished = self.guard.finish(&mut out);
        self.send(out, step)?;
        finished.map_err(Deny::of_request)?;
        let mut found = Summary::default();
        let reason = screen_text(self.guard.program(), reason, &mut found).unwrap_or_default();
        ws::close(code, &reason, self.mask()?, &mut step.onward);
        Ok(())
    }

    fn send(&mut self, messages: Vec<Vec<u8>>, step: &mut Step) -> Result<(), Deny> {
        for message in messages {
            let text = std::str::from_utf8(&message).map_err(|_| Deny::GuardFault)?;
            ws::text(text, self.mask()?, &mut step.onward);
        }
        Ok(())
    }

    fn mask(&mut self) -> Result<Option<[u8; 4]>, Deny> {
        self.masks.as_mut().map(Masks::next).transpose()
    }

    /// A ping for the side that reads what goes this way.
    pub(crate) fn ping(&mut self) -> Vec<u8> {
        let mut frame = Vec::new();
        if let Ok(mask) = self.mask() {
            ws::ping(b"", mask, &mut frame);
        }
        frame
    }

    /// A close for the side that reads what goes this way.
    pub(crate) fn close(&mut self, code: Option<u16>, reason: &str) -> Vec<u8> {
        let mut frame = Vec::new();
        if let Ok(mask) = self.mask() {
            ws::close(code, reason, mask, &mut frame);
        }
        frame
    }

    fn misframed(&self, error: WsError) -> Deny {
        match self.from {
            Sender::Client => Deny::Misframed { code: error.code, what: error.what },
            Sender::Server => Deny::UpstreamGarbage(error.what),
        }
    }

    fn refused(&self, what: &'static str) -> Deny {
        match self.from {
            Sender::Client => Deny::MediaRefused(what),
            Sender::Server => Deny::UpstreamGarbage(what),
        }
    }

    /// Whether the sender has said goodbye.
    pub(crate) fn closed(&self) -> bool {
        self.closed
    }

    /// Whether audio passed, which nothing inspects.
    pub(crate) fn passed_audio(&self) -> bool {
        self.audio || self.guard.carried_audio()
    }

    /// Bytes that wait.
    pub(crate) fn held(&self) -> usize {
        self.reader.held() + self.guard.held()
    }

    pub(crate) fn summary(&self) -> Summary {
        self.guard.summary()
    }
}
