"""The official OpenAI SDK, through the gateway and directly, must get the same objects.

Run: target/python/bin/python tests/python/sdk_chat.py
Ids, times and token counts are left out: the provider makes them anew, and counts what it sees.
"""

import asyncio
import base64
import contextlib
import json
import pathlib
import sys
import unicodedata
import unittest
import warnings

import openai
import pydantic

from programs import AGENT_KEY, gateway, provider

VALUES = {
    "card": "4111 1111 1111 1111",
    "email": "maria.lopez@example.com",
    "ssn": "536-22-8143",
    "phone": "415-555-0142",
    "iban": "GB82 WEST 1234 5698 7654 32",
}
TEXT = "Pay {card}, write to {email}, SSN {ssn}, ring {phone}, IBAN {iban}, \"quoted\\path\", done.".format(**VALUES)
# The provider makes these anew in every answer, or counts them over a text that masking made longer or shorter.
LEFT_OUT = {"id", "created", "usage", "_request_id"}


class Payment(pydantic.BaseModel):
    """What the model is asked to answer with."""

    payee: str
    amount: float
    notes: list[str]


TOOL = {
    "type": "function",
    "function": {
        "name": "pay",
        "description": f"Pays. Example: {VALUES['card']}",
        "parameters": {"type": "object", "properties": {"to": {"type": "string"}, "amount": {"type": "number"}}},
    },
}
USER = [{"role": "user", "content": TEXT}]
SCHEMA = {"name": "payment", "schema": Payment.model_json_schema()}
CASES = {
    "one message": {"messages": USER},
    "a history": {
        "messages": [
            {"role": "system", "content": f"The customer is {VALUES['email']}."},
            {"role": "user", "content": f"My card is {VALUES['card']}."},
            {"role": "assistant", "content": f"I noted {VALUES['card']}."},
            *USER,
        ]
    },
    "parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": TEXT}, {"type": "text", "text": "!"}]}]},
    "two choices": {"messages": USER, "n": 2},
    "a tool": {"messages": USER, "tools": [TOOL]},
    "two choices with a tool": {"messages": USER, "tools": [TOOL], "n": 2},
    "a tool's answer": {
        "messages": [
            *USER,
            {
                "role": "assistant",
                "tool_calls": [
                    {
                        "id": "call_abc",
                        "type": "function",
                        "function": {"name": "pay", "arguments": json.dumps({"to": VALUES["iban"]})},
                    }
                ],
            },
            {"role": "tool", "tool_call_id": "call_abc", "content": f"paid to {VALUES['iban']}"},
        ],
        "tools": [TOOL],
    },
    "a schema": {"messages": USER, "response_format": {"type": "json_schema", "json_schema": SCHEMA}},
    "a JSON object": {"messages": USER, "response_format": {"type": "json_object"}},
}


def comparable(thing):
    """An SDK object as plain data, without what differs by nature."""
    if isinstance(thing, pydantic.BaseModel):
        thing = thing.model_dump()
    if isinstance(thing, dict):
        return {key: comparable(value) for key, value in thing.items() if key not in LEFT_OUT}
    return [comparable(value) for value in thing] if isinstance(thing, list) else thing


def joined(chunks):
    """The chunks of a stream, joined by choice and channel: where deltas are cut is the gateway's business."""
    out = {}
    for chunk in chunks:
        for choice in chunk.choices:
            into = out.setdefault(choice.index, {"content": "", "calls": {}, "role": None, "finish": None})
            into["content"] += choice.delta.content or ""
            into["role"] = into["role"] or choice.delta.role
            into["finish"] = into["finish"] or choice.finish_reason
            for call in choice.delta.tool_calls or []:
                known = into["calls"].setdefault(call.index, {"name": "", "arguments": "", "type": None})
                known["name"] += call.function.name or ""
                known["arguments"] += call.function.arguments or ""
                known["type"] = known["type"] or call.type
    return out


def whole(client, case):
    return comparable(client.chat.completions.create(model="sim", **case))


def streamed(client, case):
    with client.chat.completions.create(model="sim", stream=True, **case) as stream:
        return joined(stream)


def helped(client, case):
    with client.chat.completions.stream(model="sim", **case) as stream:
        for _ in stream:
            pass
        return comparable(stream.get_final_completion())


def parsed(client, case):
    completion = client.chat.completions.parse(model="sim", messages=case["messages"], response_format=Payment)
    return comparable(completion), completion.choices[0].message.parsed.payee


async def whole_async(client, case):
    return comparable(await client.chat.completions.create(model="sim", **case))


async def streamed_async(client, case):
    stream = await client.chat.completions.create(model="sim", stream=True, **case)
    return joined([chunk async for chunk in stream])


async def helped_async(client, case):
    async with client.chat.completions.stream(model="sim", **case) as stream:
        async for _ in stream:
            pass
        return comparable(await stream.get_final_completion())


async def parsed_async(client, case):
    completion = await client.chat.completions.parse(model="sim", messages=case["messages"], response_format=Payment)
    return comparable(completion), completion.choices[0].message.parsed.payee


WAYS = [(whole, whole_async), (streamed, streamed_async), (helped, helped_async)]


def client_options(address):
    return {"base_url": f"http://{address}/v1", "api_key": AGENT_KEY, "max_retries": 0, "timeout": 20}


def folded(text):
    """Letters and digits only, in one case."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if c.isalnum()).lower()


def seen(log):
    """Everything that reached a provider, as text."""
    lines = [json.loads(line) for line in pathlib.Path(log).read_text().splitlines()]
    text = "\n".join(base64.b64decode(line["bytes_b64"]).decode("utf-8", "replace") for line in lines)
    return folded(text)


class Sdk(unittest.TestCase):
    """Each test asks both ways, with one provider behind the gateway and one asked directly."""

    @classmethod
    def setUpClass(cls):
        cls.stack = contextlib.ExitStack()
        cls.direct, cls.direct_log = cls.stack.enter_context(provider())
        behind, cls.log = cls.stack.enter_context(provider())
        cls.address = behind if "--without-gateway" in sys.argv else cls.stack.enter_context(gateway(behind))

    @classmethod
    def tearDownClass(cls):
        cls.stack.close()

    def same(self, way, case):
        with openai.OpenAI(**client_options(self.direct)) as client:
            expected = way(client, case)
        with openai.OpenAI(**client_options(self.address)) as client:
            got = way(client, case)
        self.assertEqual(got, expected)
        self.assertIn(folded(VALUES["card"]), folded(json.dumps(expected, default=str)))

    def same_async(self, way, case):
        async def ask(address):
            async with openai.AsyncOpenAI(**client_options(address)) as client:
                return await way(client, case)

        self.assertEqual(asyncio.run(ask(self.address)), asyncio.run(ask(self.direct)))

    def test_structured_output_is_parsed(self):
        self.same(parsed, CASES["one message"])
        self.same_async(parsed_async, CASES["one message"])

    def test_usage_comes_when_asked_for(self):
        with openai.OpenAI(**client_options(self.address)) as client:
            options = {"include_usage": True}
            chunks = list(client.chat.completions.create(model="sim", messages=USER, stream=True, stream_options=options))
        self.assertGreater(chunks[-1].usage.total_tokens, 0)

    def test_models_are_listed(self):
        with openai.OpenAI(**client_options(self.address)) as client:
            self.assertIn("sim", [model.id for model in client.models.list()])

    def test_a_security_code_never_comes_back(self):
        ask = [{"role": "user", "content": "My CVV is 731, thanks."}]
        with openai.OpenAI(**client_options(self.address)) as client:
            said = client.chat.completions.create(model="sim", messages=ask).choices[0].message.content
        self.assertEqual(said, "You said: My CVV is [CVV], thanks.")

    def test_errors_are_the_sdks_own(self):
        with openai.OpenAI(**{**client_options(self.address), "api_key": "sk-other"}) as client:
            with self.assertRaises(openai.AuthenticationError) as refused:
                client.chat.completions.create(model="sim", messages=USER)
            self.assertEqual(refused.exception.code, "unauthenticated")

    def test_zz_the_provider_saw_nothing(self):
        """Last by name: all that the tests before sent is in the logs."""
        behind, direct = seen(self.log), seen(self.direct_log)
        self.assertEqual([], [name for name, value in VALUES.items() if folded(value) in behind])
        # The twin: without the gateway the same search finds every value.
        self.assertEqual([], [name for name, value in VALUES.items() if folded(value) not in direct])


def add_cases():
    for name, case in CASES.items():
        for way, way_async in WAYS:
            if way is helped and case.get("n", 1) > 1 and "tools" in case:
                continue
            title = f"{way.__name__}_{name}".replace(" ", "_").replace("'", "")
            setattr(Sdk, f"test_{title}", lambda self, way=way, case=case: self.same(way, case))
            setattr(Sdk, f"test_{title}_async", lambda self, way=way_async, case=case: self.same_async(way, case))


def main():
    # The SDK's own typing of parsed completions makes pydantic complain when they are dumped.
    warnings.filterwarnings("ignore", message="Pydantic serializer warnings")
    add_cases()
    result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.loadTestsFromTestCase(Sdk))
    bad = len(result.failures) + len(result.errors)
    print(f"sdk_chat: {result.testsRun - bad - len(result.skipped)} passed; {bad} failed; {len(result.skipped)} skipped")
    return 1 if bad or not result.testsRun else 0


if __name__ == "__main__":
    sys.exit(main())
