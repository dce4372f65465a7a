"""The official SDKs of providers for speech: what they parse, as JSON lines.

One client against any address, a provider's or the gateway's:
    target/python/bin/python tests/python/sdk_speech.py deepgram --ws ws://127.0.0.1:PORT --key KEY [--frames 3]
    ... deepgram-async | cartesia [--text "Hello, " --text "how are you?"]
Without arguments: all of them against the simulators, directly and through the gateway.
"""

import argparse
import asyncio
import contextlib
import faulthandler
import json
import sys
import unittest

import cartesia
import deepgram
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from websockets.exceptions import ConnectionClosed, InvalidStatus

from programs import AGENT_KEY, PROVIDER_KEY, gateway, provider, seen_messages

# 20 ms at 16 kHz, two bytes a sample.
SILENCE = bytes(640)
LISTEN = {"model": "nova-3", "encoding": "linear16", "sample_rate": 16000, "interim_results": True}
# A client that waits for ever is a failed one.
PATIENCE = 30
# Whoever was closed upon while it sent reads all the same: what came before, and why it was closed.
SENT_OR_CLOSED = contextlib.suppress(ConnectionClosed)


def deepgram_options(args):
    http = args.base or args.ws.replace("ws", "http", 1)
    environment = DeepgramClientEnvironment(base=http, production=args.ws, agent=args.ws, agent_rest=http)
    return {"api_key": args.key, "environment": environment}


def listen_options(args):
    return LISTEN | ({"keyterm": args.keyterm} if args.keyterm else {})


def listen(args):
    """Sends frames of silence, then reads to the end of the connection."""
    client = deepgram.DeepgramClient(**deepgram_options(args))
    with client.listen.v1.connect(**listen_options(args)) as connection:
        with SENT_OR_CLOSED:
            for _ in range(args.frames):
                connection.send_media(SILENCE)
            connection.send_close_stream()
        try:
            while True:
                yield heard(connection.recv())
        except ConnectionClosed as closed:
            yield ended(closed)


def listen_async(args):
    """The same with the other client."""

    async def talk():
        client = deepgram.AsyncDeepgramClient(**deepgram_options(args))
        async with client.listen.v1.connect(**listen_options(args)) as connection:
            with SENT_OR_CLOSED:
                for _ in range(args.frames):
                    await connection.send_media(SILENCE)
                await connection.send_close_stream()
            try:
                while True:
                    out.append(heard(await connection.recv()))
            except ConnectionClosed as closed:
                out.append(ended(closed))

    out = []
    asyncio.run(talk())
    return out


def heard(message):
    """What a program sees of a parsed message."""
    if message is None or message.type != "Results":
        return message and message.dict()
    best = message.channel.alternatives[0]
    return {
        "type": message.type,
        "transcript": best.transcript,
        "words": [word.dict() for word in best.words],
        "start": message.start,
        "duration": message.duration,
        "is_final": message.is_final,
        "speech_final": message.speech_final,
        "from_finalize": message.from_finalize,
        "request_id": message.metadata.request_id,
    }


def ended(closed):
    return {"type": "closed", "code": closed.rcvd and closed.rcvd.code, "reason": closed.rcvd and closed.rcvd.reason}


def speak(args):
    """Sends transcripts in one context, then reads to its end."""
    client = cartesia.Cartesia(api_key=args.key, base_url=args.base, websocket_base_url=args.ws)
    with client.tts.websocket_connect() as connection:
        context = connection.context(
            "tests",
            timeout=PATIENCE,
            model_id="sonic-3",
            voice={"mode": "id", "id": "6ccbfb76-1fc6-48f7-b71d-91ac6298247b"},
            output_format={"container": "raw", "encoding": "pcm_s16le", "sample_rate": 16000},
            add_timestamps=True,
        )
        with SENT_OR_CLOSED:
            for text in args.text:
                context.push(text)
            context.no_more_inputs()
        try:
            for event in context.receive():
                yield event.to_dict()
        except ConnectionClosed as closed:
            yield ended(closed)


CLIENTS = {"deepgram": listen, "deepgram-async": listen_async, "cartesia": speak}


def lines(args):
    """All that a client gives; a refused handshake is a line too."""
    try:
        yield from CLIENTS[args.client](args)
    except InvalidStatus as refused:
        response = refused.response
        yield {"type": "refused", "status": response.status_code, "body": response.body.decode(errors="replace")}
    except ApiError as refused:
        # Deepgram's async client says this with a text of its own, instead of the answer's body.
        yield {"type": "refused", "status": refused.status_code, "body": refused.body}


def parser():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("client", choices=CLIENTS)
    parser.add_argument("--ws", required=True, help="base URL of WebSockets; the SDK adds its path")
    parser.add_argument("--base", help="base URL of HTTP; without it that of --ws")
    parser.add_argument("--key", required=True)
    parser.add_argument("--frames", type=int, default=3, help="frames of silence to send")
    parser.add_argument("--keyterm", help="a term to listen for")
    parser.add_argument("--text", action="append", default=[], help="a transcript to speak; as often as you like")
    return parser


class Direct(unittest.TestCase):
    """The simulators are right if the SDKs understand them."""

    def run_client(self, kind, client, script, *more):
        with provider(script, kind) as (address, log):
            args = [client, "--ws", f"ws://{address}", "--key", PROVIDER_KEY, *more]
            return list(lines(parser().parse_args(args))), seen_messages(log)

    def test_deepgram_listens(self):
        update = {"transcript": "Pay Ana, now.", "is_final": True, "speech_final": True}
        script = {"updates": [{"fragment": 7}, {"transcript": "pay Ana"}, {"ping": "x"}, update]}
        for client in ["deepgram", "deepgram-async"]:
            got, seen = self.run_client("deepgram", client, script, "--frames", "3", "--keyterm", "Ana")
            self.assertEqual([line["type"] for line in got], ["Results", "Results", "Metadata", "closed"])
            self.assertEqual([line["transcript"] for line in got[:2]], ["pay Ana", "Pay Ana, now."])
            self.assertEqual([line["is_final"] for line in got[:2]], [False, True])
            self.assertEqual([word["punctuated_word"] for word in got[1]["words"]], ["Pay", "Ana,", "now."])
            self.assertEqual([word["word"] for word in got[1]["words"]], ["pay", "ana", "now"])
            self.assertEqual(got[2]["duration"], 0.06)
            self.assertEqual(got[3]["code"], 1000)
            self.assertEqual([data for kind, data in seen if kind == "binary"], [SILENCE] * 3)
            self.assertIn(("text", b'{"type":"CloseStream"}'), [(k, d.replace(b" ", b"")) for k, d in seen])
            self.assertIn(b"keyterm=Ana", seen[0][1])

    def test_deepgram_closes_and_speaks_nonsense(self):
        for client in ["deepgram", "deepgram-async"]:
            script = {"updates": [{"garbage": '{"type":"Tomorrow"}'}, {"close": 1011}]}
            got, _ = self.run_client("deepgram", client, script)
            self.assertEqual(got[-1], {"type": "closed", "code": 1011, "reason": "as the script says"})
            self.assertEqual(len(got), 2)

    def test_wrong_keys_are_refused(self):
        for client in CLIENTS:
            kind = client.removesuffix("-async")
            with provider({}, kind) as (address, _):
                args = parser().parse_args([client, "--ws", f"ws://{address}", "--key", "sk-wrong"])
                (line,) = lines(args)
            self.assertEqual((line["type"], line["status"]), ("refused", 401))
            self.assertIn("invalid", line["body"].lower())

    def test_cartesia_speaks_two_transcripts_in_one_context(self):
        texts = ["Hello Ana, ", "how are you?"]
        got, seen = self.run_client("cartesia", "cartesia", {}, "--text", texts[0], "--text", texts[1])
        types = [line["type"] for line in got]
        self.assertEqual(types, ["chunk", "timestamps", "chunk", "timestamps", "done"])
        said = [word for line in got for word in line.get("word_timestamps", {}).get("words", [])]
        self.assertEqual(said, ["Hello", "Ana,", "how", "are", "you?"])
        sent = [json.loads(data)["transcript"] for kind, data in seen if kind == "text"]
        self.assertEqual(sent, [*texts, ""])

    def test_cartesia_closes(self):
        got, _ = self.run_client("cartesia", "cartesia", {"updates": [{"close": 1011}]}, "--text", "Hello")
        self.assertEqual(got, [{"type": "closed", "code": 1011, "reason": "as the script says"}])


class Guarded(unittest.TestCase):
    """The same clients with another URL and key: what they parse and what providers see is what may be seen."""

    def run_client(self, kind, client, script, *more):
        with provider(script, kind) as (address, log), gateway(address, kind=kind) as door:
            args = [client, "--ws", f"ws://{door}", "--key", AGENT_KEY, *more]
            got = list(lines(parser().parse_args(args)))
            return got, seen_messages(log)

    def test_deepgram_hears_what_may_be_heard(self):
        said = "my card number is four one one one one one one one one one one one one one one one"
        words = said.split()
        partials = [{"transcript": " ".join(words[:n])} for n in range(1, len(words))]
        final = {"transcript": said, "is_final": True, "speech_final": True}
        script = {"updates": [*partials, {"ping": "x"}, final]}
        digits = {"four", "one"}
        for client in ["deepgram", "deepgram-async"]:
            got, seen = self.run_client("deepgram", client, script, "--frames", str(len(words)))
            results = [line for line in got if line["type"] == "Results"]
            self.assertEqual([line["is_final"] for line in results], [False] * len(partials) + [True])
            self.assertEqual([len(line["words"]) for line in results], list(range(1, len(words) + 1)))
            for line in results:
                shown = [line["transcript"], *(w[k] for w in line["words"] for k in ("word", "punctuated_word"))]
                self.assertFalse(digits & set(" ".join(shown).lower().split()), line)
            self.assertEqual(results[-1]["transcript"], "my card number is [PAN]")
            self.assertEqual((got[-1]["type"], got[-1]["code"]), ("closed", 1000))
            self.assertEqual([data for kind, data in seen if kind == "binary"], [SILENCE] * len(words))

    def test_clean_speech_is_what_the_provider_gives(self):
        updates = [{"transcript": "What is my balance?", "is_final": True, "speech_final": True}]
        for client in ["deepgram", "deepgram-async"]:
            with provider({"updates": updates}, "deepgram") as (address, _):
                direct = list(lines(parser().parse_args([client, "--ws", f"ws://{address}", "--key", PROVIDER_KEY])))
            got, _ = self.run_client("deepgram", client, {"updates": updates})
            self.assertEqual(got, direct)

    def test_refusals_and_faults_are_what_the_clients_understand(self):
        for client in ["deepgram", "deepgram-async"]:
            script = {"updates": [{"garbage": '{"type":"Tomorrow"}'}, {"close": 1011}]}
            got, _ = self.run_client("deepgram", client, script)
            self.assertEqual(got[-1], {"type": "closed", "code": 1011, "reason": "as the script says"})
        with provider({}, "deepgram") as (address, log), gateway(address, kind="deepgram") as door:
            for client in ["deepgram", "deepgram-async"]:
                args = [client, "--ws", f"ws://{door}", "--key", "sk-wrong"]
                (line,) = lines(parser().parse_args(args))
                self.assertEqual((line["type"], line["status"]), ("refused", 401))
                args = [client, "--ws", f"ws://{door}", "--key", AGENT_KEY, "--keyterm", "4111 1111 1111 1111"]
                (line,) = lines(parser().parse_args(args))
                self.assertEqual((line["type"], line["status"]), ("refused", 400))
            self.assertEqual(seen_messages(log), [])

    def test_cartesia_says_what_may_be_said(self):
        texts = ["Hello Ana, your card 4111 1111 ", "1111 1111 is open."]
        got, seen = self.run_client("cartesia", "cartesia", {}, "--text", texts[0], "--text", texts[1])
        self.assertEqual(got[-1]["type"], "done")
        self.assertIn("chunk", [line["type"] for line in got])
        sent = "".join(json.loads(data)["transcript"] for kind, data in seen if kind == "text")
        self.assertEqual(sent, "Hello Ana, your card a card number ending in 1 1 1 1 is open.")
        self.assertNotIn(b"4111", b"".join(data for _, data in seen))


def main():
    faulthandler.dump_traceback_later(2 * PATIENCE, exit=True)
    if len(sys.argv) > 1:
        args = parser().parse_args()
        for line in lines(args):
            print(json.dumps(line, default=str), flush=True)
        return 0
    load = unittest.defaultTestLoader.loadTestsFromTestCase
    result = unittest.TextTestRunner(verbosity=1).run(unittest.TestSuite([load(Direct), load(Guarded)]))
    bad = len(result.failures) + len(result.errors)
    print(f"sdk_speech: {result.testsRun - bad} passed; {bad} failed; 0 skipped")
    return 1 if bad or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
