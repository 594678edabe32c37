#!/usr/bin/env bash
# The demo, three times in a row, beside one busy loop for each core: what it reaches on a machine that has other work.
# No root. Ends with 1 when one of them failed.
#
#   docs/lab/busy-demo.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/../.."

jar=bindlink-cli/target/bindlink-cli.jar
[[ -f $jar ]] || { echo "build first: mvn -q -DskipTests package" >&2; exit 2; }

loops=()
stop() { ((${#loops[@]} == 0)) || kill "${loops[@]}" 2>/dev/null || true; }
trap stop EXIT
for ((core = 0; core < $(nproc); core++)); do
  timeout 150 bash -c 'while :; do :; done' &
  loops+=($!)
done

failed=0
for ((run = 1; run <= ${1:-3}; run++)); do
  code=0
  java -jar "$jar" demo >"${TMPDIR:-/tmp}/busy-demo.$$" || code=$?
  echo "run $run: exit $code"
  tail -n 6 "${TMPDIR:-/tmp}/busy-demo.$$"
  ((code == 0)) || failed=1
done
rm -f "${TMPDIR:-/tmp}/busy-demo.$$"
exit $failed
