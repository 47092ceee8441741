# What the scripts of this directory share. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# Where the scripts leave what a pipeline keeps: logs, reports, screenshots.
OUT=${CI_OUT:-$PWD/target/ci}
mkdir -p "$OUT"

# The compose command of this machine, version 2 before version 1.
find_compose() {
  if docker compose version >/dev/null 2>&1; then
    COMPOSE=(docker compose)
  elif command -v docker-compose >/dev/null; then
    COMPOSE=(docker-compose)
  else
    return 1
  fi
}

engine_answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }
