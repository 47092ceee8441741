# What the scripts of this directory share. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

# Where the scripts leave what a pipeline keeps: logs, reports, screenshots.
OUT=${CI_OUT:-$PWD/target/ci}
mkdir -p "$OUT"

# Where ci/engine keeps an engine of its own.
ENGINE=${ENGINE:-/var/tmp/agent-rooms-engine}

# Copies what the tests left behind to where a pipeline looks for it.
keep_reports() {
  local module
  for module in */target/surefire-reports app/target/screenshots app/target/traces; do
    [ -d "$module" ] || continue
    mkdir -p "$OUT/reports/${module%%/*}"
    cp -r "$module" "$OUT/reports/${module%%/*}/"
  done
}
keep_reports_on_exit() { trap keep_reports EXIT; }

# The compose command of this machine, version 2 before version 1.
# shellcheck disable=SC2034 # whoever sources this uses it
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

# Maven on the JDK that the code needs. MAVEN_ARGS says more, such as -o.
maven() {
  local jdk
  jdk=$(./dev jdk)
  # shellcheck disable=SC2086
  JAVA_HOME=$jdk MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED" \
    mvn --batch-mode --no-transfer-progress ${MAVEN_ARGS:-} "$@"
}

# Runs the tests of one class, or of a pattern of them, in one module. It packages nothing, because
# the servers that are being tested run from the jars.
run_tests() {
  maven test -pl "$1" -am "-Dtest=$2" -Dsurefire.failIfNoSpecifiedTests=false \
    -Dspotless.check.skip=true
}
