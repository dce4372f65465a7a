#!/usr/bin/env bash
# What the build and the tests need beside cargo: installs it where it may, names the command where it may not.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()
command -v cmake >/dev/null || packages+=(cmake)
command -v g++ >/dev/null || packages+=(g++)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)

if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" || true
  else
    echo "missing: ${packages[*]}; run: sudo apt-get install -y ${packages[*]}" >&2
  fi
fi
for tool in cmake g++; do
  command -v "$tool" >/dev/null || { echo "cannot build without $tool" >&2; exit 2; }
done
for part in fmt clippy; do
  cargo "$part" --version >/dev/null 2>&1 || { echo "missing: cargo $part; run: rustup component add ${part/fmt/rustfmt}" >&2; exit 2; }
done

# The tests read a missing target/python as: no venv could be had.
python3 -c 'import ensurepip, venv' 2>/dev/null || exit 0
wanted=$(sha256sum tests/python/requirements.txt)
if [ "$(cat target/python/requirements.sha256 2>/dev/null)" != "$wanted" ]; then
  rm -rf target/python
  mkdir -p target
  python3 -m venv target/python
  target/python/bin/pip install --quiet --disable-pip-version-check --require-hashes -r tests/python/requirements.txt
  echo "$wanted" >target/python/requirements.sha256
fi
