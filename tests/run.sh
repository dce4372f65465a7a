#!/usr/bin/env bash
# `make test` and `make test-slow`: every check, then one line that counts what really ran.
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p target
export CARGO_TARGET_DIR="$PWD/target"
# The same cases in every run, so that a red run is about the change; the slow run, and `cargo test`, look for new ones.
if [ "${1:-}" = slow ]; then
  export TIDEGATE_SLOW=1 TIDEGATE_CASES=20000
else
  export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-1} TIDEGATE_FUZZ_SEED=${TIDEGATE_FUZZ_SEED:-1}
fi
log=target/test.log
: >"$log"
failed=()

step() {
  echo "== $*"
  "$@" 2>&1 | tee -a "$log" || failed+=("$*")
}

python() {
  if [ -x target/python/bin/python ]; then
    step target/python/bin/python "$@"
  else
    echo "python: 0 passed; 0 failed; 1 skipped ($1 needs python3-venv)" | tee -a "$log"
  fi
}

tests/setup.sh || exit
step cargo fmt --all --check
step cargo clippy --workspace --all-targets -- -D warnings
# The acceptance tests start the programs that stand beside them.
step cargo build --workspace
step cargo test --workspace --no-fail-fast
python tests/python/sdk_chat.py
python tests/python/sdk_speech.py
python tests/python/sdk_tls.py
if [ "${1:-}" = slow ]; then
  step cargo test --workspace --no-fail-fast -- --ignored
  python tests/python/leak_benchmark.py --seeds 12
  python tests/python/leak_benchmark.py --seeds 12 --oracle union-worst-case
else
  python tests/python/leak_benchmark.py
fi

# Both cargo and the Python suites write `N passed; N failed; N skipped`, cargo with `ignored` for skipped.
counts=$(grep -E '^(test result|python|[a-z_]+): .*[0-9]+ passed; [0-9]+ failed; [0-9]+ (ignored|skipped)' "$log" |
  awk '{ for (i = 2; i <= NF; i++) { if ($i ~ /^passed/) p += $(i-1); if ($i ~ /^failed/) f += $(i-1);
         if ($i ~ /^(ignored|skipped)/) s += $(i-1) } } END { print p+0, f+0, s+0 }')
read -r passes failures skips <<<"$counts"
if [ ${#failed[@]} -gt 0 ] || [ "$failures" -gt 0 ] || [ "$passes" = 0 ]; then
  printf 'failed: %s\n' "${failed[@]}"
  echo "tests: $passes passed, $failures failed, $skips skipped (reasons above)"
  exit 1
fi
echo "tests: $passes passed, $skips skipped (reasons above)"
