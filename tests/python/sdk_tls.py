"""The official OpenAI SDK over TLS: nothing but SSL_CERT_FILE makes it trust the gateway, and without it nothing leaves.

Run: target/python/bin/python tests/python/sdk_tls.py
"""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import unittest

from programs import AGENT_KEY, provider, tls_gateway

CARD = "4111 1111 1111 1111"
# An agent as people write it, sync and async, streamed and not; it knows nothing of certificates.
AGENT = """
import asyncio, json, openai

ASK = [{"role": "user", "content": "My card is %s."}]

async def ask():
    async with openai.AsyncOpenAI(max_retries=0, timeout=20) as client:
        return (await client.chat.completions.create(model="sim", messages=ASK)).choices[0].message.content

try:
    with openai.OpenAI(max_retries=0, timeout=20) as client:
        whole = client.chat.completions.create(model="sim", messages=ASK).choices[0].message.content
        with client.chat.completions.create(model="sim", messages=ASK, stream=True) as stream:
            parts = [choice.delta.content or "" for chunk in stream for choice in chunk.choices]
    print(json.dumps({"said": [whole, "".join(parts), asyncio.run(ask())]}))
except openai.APIConnectionError as refused:
    print(json.dumps({"refused": repr(refused.__cause__)}))
""" % CARD


def agent(base_url, authority=None):
    """Runs the agent; what came of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT")}
    environment |= {"OPENAI_BASE_URL": base_url, "OPENAI_API_KEY": AGENT_KEY}
    if authority:
        environment["SSL_CERT_FILE"] = str(authority)
    ran = subprocess.run([sys.executable, "-c", AGENT], env=environment, capture_output=True, text=True, timeout=60)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return json.loads(ran.stdout)


class Tls(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        behind, self.log = stack.enter_context(provider())
        self.port, self.authority = stack.enter_context(tls_gateway(behind))

    def test_an_agent_that_trusts_the_authority_chats(self):
        for host in ("localhost", "127.0.0.1"):
            came = agent(f"https://{host}:{self.port}/v1", self.authority)
            self.assertEqual(came, {"said": [f"You said: My card is {CARD}."] * 3})
        self.assertEqual(len(self.requests()), 6)

    def test_an_agent_that_does_not_sends_nothing(self):
        came = agent(f"https://localhost:{self.port}/v1")
        self.assertIn("CERTIFICATE_VERIFY_FAILED", came["refused"])
        self.assertEqual(self.requests(), [])

    def requests(self):
        lines = pathlib.Path(self.log).read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["kind"] == "request"]


if __name__ == "__main__":
    result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.loadTestsFromTestCase(Tls))
    bad = len(result.failures) + len(result.errors)
    print(f"sdk_tls: {result.testsRun - bad - len(result.skipped)} passed; {bad} failed; {len(result.skipped)} skipped")
    sys.exit(1 if bad or not result.testsRun else 0)
