"""The real programs of this workspace as context managers."""

import base64
import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT = ROOT / "target" / "debug"
AGENT_KEY = "sk-dev"
PROVIDER_KEY = "sk-provider-held-by-the-gateway-only"


@contextlib.contextmanager
def running(command, log):
    """Starts a program, yields its ready line, stops it."""
    with open(log, "wb") as errors:
        environment = {**os.environ, "TIDEGATE_PROVIDER_KEY": PROVIDER_KEY}
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=environment)
        try:
            line = child.stdout.readline()
            if not line:
                raise RuntimeError(f"{command[0]} ended before it was ready: {pathlib.Path(log).read_text()}")
            yield json.loads(line)
        finally:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            child.stdout.close()


@contextlib.contextmanager
def provider(script=None, kind="openai"):
    """A simulated provider: yields its address and the file of what it saw. Those for speech ask for PROVIDER_KEY."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "script.json").write_text(json.dumps(script or {}))
        command = [BUILT / "sim", kind, "--listen", "127.0.0.1:0"]
        command += [] if kind == "openai" else ["--key", PROVIDER_KEY]
        command += ["--log", folder / "log.jsonl", "--script", folder / "script.json"]
        with running(command, folder / "stderr") as ready:
            yield ready["listen"], folder / "log.jsonl"


def seen_messages(log):
    """What a simulated provider saw: pairs of kind and bytes."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [(line["kind"], base64.b64decode(line["bytes_b64"])) for line in lines]


@contextlib.contextmanager
def gateway(upstream, folder=None, kind="openai"):
    """The gateway before an upstream address of this provider: yields its own."""
    with contextlib.ExitStack() as stack:
        folder = folder or stack.enter_context(tempfile.TemporaryDirectory())
        command = [BUILT / "tidegate", "run", "--listen", "127.0.0.1:0", "--key", AGENT_KEY]
        command += ["--upstream", f"{kind}=http://{upstream}"]
        yield stack.enter_context(running(command, pathlib.Path(folder) / "gateway.stderr"))["listen"]


@contextlib.contextmanager
def tls_gateway(upstream):
    """The gateway on TLS only, with a certificate of a new authority: yields its port and the authority's file."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for command in (["init"], ["issue", "localhost", "127.0.0.1"]):
            subprocess.run([BUILT / "tidegate", "ca", *command, "--dir", folder], check=True, capture_output=True)
        command = [BUILT / "tidegate", "run", "--key", AGENT_KEY, "--upstream", f"openai=http://{upstream}"]
        command += ["--listen", "off", "--listen-tls", "127.0.0.1:0"]
        command += ["--tls-cert", folder / "localhost.pem", "--tls-key", folder / "localhost.key"]
        with running(command, folder / "gateway.stderr") as ready:
            yield int(ready["listen_tls"].rpartition(":")[2]), folder / "ca.pem"


def free_port():
    """A port that nobody had a moment ago."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
