#!/usr/bin/env bash
# What a bond costs that has nothing to do: master and slave over three loopback links, no root; 30 s of warm-up, then the
# CPU time of both in 60 s, in per cent of one core.
#
#   docs/lab/idle.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-60}
jar=$PWD/bindlink-cli/target/bindlink-cli.jar
[[ -f $jar ]] || { echo "build first: mvn -q -DskipTests package" >&2; exit 2; }
work=$(mktemp -d)
nodes=()
stop() {
  ((${#nodes[@]} == 0)) || kill "${nodes[@]}" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

java -jar "$jar" genkey --out "$work/key"
java -jar "$jar" master --key-file "$work/key" --listen-port 45123 --http-listen 0 --connect-tcp 127.0.0.1:9 \
  2>"$work/master" &
nodes+=($!)
java -jar "$jar" slave --key-file "$work/key" --http-listen 0 --listen-tcp 0 \
  --link 'udp://127.0.0.1:45123?from=127.0.0.1' --link 'udp://127.0.0.1:45123?from=127.0.0.2' \
  --link 'udp://127.0.0.1:45123?from=127.0.0.3' 2>"$work/slave" &
nodes+=($!)

# User and system time of the nodes so far, in ticks.
ticks() {
  local node sum=0
  for node in "${nodes[@]}"; do
    sum=$((sum + $(sed 's/.*) //' "/proc/$node/stat" | awk '{ print $12 + $13 }')))
  done
  echo "$sum"
}

sleep 30
up=$(grep -c -- '-> UP' "$work/slave" || true)
((up >= 3)) || { echo "only $up of 3 links are up:" >&2; cat "$work/slave" >&2; exit 1; }
before=$(ticks)
sleep "$seconds"
after=$(ticks)
awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v seconds="$seconds" \
  'BEGIN { printf "both ends, idle: %.2f s of CPU in %d s, %.2f %% of a core\n", ticks / hz, seconds, 100 * ticks / hz / seconds }'
