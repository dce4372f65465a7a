"""pii-leak-benchmark, v2 profile, exhaustive splits and partial emission, with a gate that reads its reports.

Run: target/python/bin/python tests/python/leak_benchmark.py --seeds 12 --record
The benchmark's exit code says only that its report is well-formed; what has to hold is checked here.
"""

import argparse
import concurrent.futures
import importlib.metadata
import json
import os
import pathlib
import shutil
import subprocess
import sys

from programs import AGENT_KEY, ROOT, free_port, gateway

BENCHMARK = pathlib.Path(sys.executable).with_name("pii-leak-benchmark-v2")
CASES = 32
PATIENCE = 600
RECORDED = ROOT / "tests" / "results" / "leak-benchmark.json"


def main():
    arguments = parse()
    shutil.rmtree(arguments.out, ignore_errors=True)
    seeds = [f"a1b2c3d4e5f6{number:04x}" for number in range(1, arguments.seeds + 1)]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        rows = list(pool.map(lambda seed: one(seed, arguments), seeds))
    good = sum(row["ok"] for row in rows)
    for row in rows:
        print(json.dumps(row))
    if arguments.record:
        record(rows, good, arguments)
    print(f"leak_benchmark: {good} passed; {len(rows) - good} failed; 0 skipped")
    return 0 if rows and good == len(rows) else 1


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=6)
    parser.add_argument("--oracle", default="exhaustive-2-part", choices=["exhaustive-2-part", "union-worst-case"])
    parser.add_argument("--without-gateway", action="store_true", help="the twin: must fail")
    parser.add_argument("--record", action="store_true", help=f"write {RECORDED.relative_to(ROOT)}")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "target" / "leak-benchmark")
    return parser.parse_args()


def one(seed, arguments):
    folder = arguments.out / seed
    folder.mkdir(parents=True)
    port = free_port()
    if arguments.without_gateway:
        run(f"127.0.0.1:{port}", port, seed, folder, arguments.oracle)
    else:
        with gateway(f"127.0.0.1:{port}", folder) as address:
            run(address, port, seed, folder, arguments.oracle)
    try:
        return {"seed": seed, **judge(folder)}
    except (OSError, LookupError, TypeError, ValueError) as error:
        return {"seed": seed, "ok": False, "error": f"{type(error).__name__}: {error}; see {folder.relative_to(ROOT)}"}


def run(address, port, seed, folder, oracle):
    command = [BENCHMARK, "--validate", "--only", "tidegate", "--seed", seed, "--oracle", oracle, "--partial-emission"]
    command += ["--gateway-url", f"http://{address}/v1/chat/completions", "--upstream-port", str(port)]
    command += ["--out", folder, "--json-out", folder / "summary.json"]
    environment = {**os.environ, "CONFORMANCE_TARGET_API_KEY": AGENT_KEY}
    with open(folder / "console.txt", "wb") as console:
        subprocess.run(command, stdout=console, stderr=console, env=environment, timeout=PATIENCE, check=False)


def judge(folder):
    """Every number that the verdict depends on, and the verdict."""
    row = json.loads((folder / "summary.json").read_text())["rows"][0]
    report = json.loads((folder / "tidegate.json").read_text())
    partial = json.loads((folder / "tidegate.partial-emission.json").read_text())
    held = {
        "fidelity": row["fidelity_rate"] == 1,
        "leak": row["leak_single_chunk"] == 0,
        "split_leak": row["leak_adversarial"] == 0,
        "outcome": row["outcome"] == "pass",
        "schema": bool(row["schema_valid"]),
        "inconclusive": row["inconclusive"] == 0,
        "cases": row["cases_applicable"] == row["echo_observable"] == CASES,
        "request_path": not row["request_path_leak"],
        "report": bool(report["passed"]),
        "partial": bool(partial["passed"]) and partial["metrics"]["cases_applicable"] == CASES,
    }
    return {
        "ok": all(held.values()),
        "fidelity": row["fidelity_rate"],
        "leak": row["leak_single_chunk"],
        "split_leak": row["leak_adversarial"],
        "partial_emission": partial["metrics"]["partial_emission_rate"]["overall"],
        "cases": row["cases_applicable"],
        "schema_valid": bool(row["schema_valid"]),
        "failed": sorted(name for name, holds in held.items() if not holds),
    }


def record(rows, good, arguments):
    RECORDED.parent.mkdir(exist_ok=True)
    result = {
        "benchmark": "pii-leak-benchmark",
        "version": importlib.metadata.version("pii-leak-benchmark"),
        "profile": "v2",
        "oracle": arguments.oracle,
        "command": f"target/python/bin/python tests/python/leak_benchmark.py --seeds {arguments.seeds}"
        f" --oracle {arguments.oracle} --record",
        "passed": good,
        "of": len(rows),
        "seeds": rows,
    }
    RECORDED.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
