#!/usr/bin/env bash
# Measures Bindlink between network namespaces of its own and prints a row of docs/benchmarks.md for each scenario.
# What the figures mean is in docs/lab/README.md. Nothing outside its namespaces is changed, and nothing stays behind.
set -euo pipefail
export LC_ALL=C

usage() {
  cat <<'END'
usage: docs/lab/lab.sh SCENARIO [--jar JAR] [--seconds N] [--runs N] [--tcp-mode]

  fast            two plain veth pairs, which carry trains of datagrams whole: what the program itself can do
  segmented-gro   the same, but trains are cut into datagrams on the way, and the receiver joins them again
  segmented       the same, and nobody joins them
  homog           2 links of 20 Mbit/s, 20 ms round trip
  hetero          20 Mbit/s, 20 ms; 10 Mbit/s, 60 ms; 5 Mbit/s, 100 ms
  lossy           hetero, with 2 % loss each way on each link
  all             one after the other

  --jar JAR     default: bindlink-cli/target/bindlink-cli.jar
  --seconds N   how long each TCP transfer runs; default 10
  --runs N      TCP transfers each way, of which the median is shown; default 1
  --tcp-mode    without tun devices: iperf3 through --forward, an echo over a second connection in place of pings
END
}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "lab: $*"
  exit 1
}

# The links of a scenario: Mbit/s, one-way delay in ms and loss in percent, the best link first; or what kind of wire, which
# has neither.
links_of() {
  case $1 in
    fast) echo plain plain ;;
    segmented-gro | segmented) echo "$1" "$1" ;;
    homog) echo 20/10/0 20/10/0 ;;
    hetero) echo 20/10/0 10/30/0 5/50/0 ;;
    lossy) echo 20/10/2 10/30/2 5/50/2 ;;
    *) return 1 ;;
  esac
}

jar=$(dirname "$0")/../../bindlink-cli/target/bindlink-cli.jar
seconds=10
runs=1
tcp_mode=
target=10.10.10.1 # the master, as iperf3 and ping know it

read_arguments() {
  (($# > 0)) || { usage >&2 && exit 2; }
  [[ $1 != -h && $1 != --help ]] || { usage && exit 0; }
  scenarios=("$1")
  [[ $1 != all ]] || scenarios=(fast segmented-gro segmented homog hetero lossy)
  links_of "${scenarios[0]}" >/dev/null || { usage >&2 && exit 2; }
  shift
  while (($# > 0)); do
    if [[ $1 == --tcp-mode ]]; then
      tcp_mode=yes target=127.0.0.1
      shift
      continue
    fi
    case $1 in
      --jar) jar=${2:?--jar needs a file} ;;
      --seconds) seconds=${2:?--seconds needs a number} ;;
      --runs) runs=${2:?--runs needs a number} ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift 2
  done
  [[ $seconds =~ ^[1-9][0-9]*$ && $runs =~ ^[1-9][0-9]*$ ]] || die "--seconds and --runs take whole numbers over 0"
}

check_needs() {
  local missing=() program
  [[ $(id -u) == 0 ]] || missing+=("root")
  for program in ip tc iperf3 ping java awk; do
    command -v "$program" >/dev/null || missing+=("$program")
  done
  [[ ${scenarios[*]} != *segmented* ]] || command -v ethtool >/dev/null || missing+=("ethtool")
  [[ -z $tcp_mode ]] || command -v javac >/dev/null || missing+=("javac")
  [[ -r $jar ]] || missing+=("$jar (mvn -DskipTests package makes it)")
  ((${#missing[@]} == 0)) || die "missing: $(printf '%s, ' "${missing[@]}" | sed 's/, $//')"
}

# ---- what is made, and taken away ----

prefix=bindlink-lab-$$
slave_ns=$prefix-slave
master_ns=$prefix-master
directory=$(mktemp -d)
# shellcheck source=docs/lab/net.sh
source "$(dirname "$0")/net.sh"

clean_up() {
  trap '' INT TERM # a second Ctrl-C shall not leave half of it
  tear_down || true
  rm -rf "$directory"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command until it succeeds. $1 says what is waited for, $2 is its log.
await() {
  local what=$1 log=$2 tries
  shift 2
  for ((tries = 0; tries < 1500; tries++)); do
    ! "$@" || return 0
    sleep 0.01
  done
  die "$what did not start: $(tail -n 1 "$log")"
}

# ---- the bond ----

# Makes the namespaces and the links of these qualities.
build() {
  local number=0 link
  slave_options=(--proxy-target 10.77.0.1:4500)
  far_ns=()
  find "$directory" -type f ! -name key ! -name Echo.class -delete # the logs of the scenario before
  add_namespace "$master_ns"
  add_namespace "$slave_ns"
  ip -n "$master_ns" addr add 10.77.0.1/32 dev lo
  for link in "$@"; do
    number=$((number + 1))
    add_link "$number" "$link"
  done
}

# What both ends get beside key and links. In TCP mode port 5201 is iperf3's and 5207 the echo's.
use_mode() {
  master_options=() slave_mode=()
  [[ -n $tcp_mode ]] || return 0
  master_options=(--tun tcp --allow 127.0.0.1:5201 --allow 127.0.0.1:5207)
  slave_mode=(--tun tcp --forward 5201:127.0.0.1:5201 --forward 5207:127.0.0.1:5207)
  ip netns exec "$master_ns" java -cp "$directory" Echo serve 5207 >"$directory/echo" 2>&1 &
}

# Waits without asking again and again, which would take from the start the processor it is measured by.
await_tun() {
  [[ -z $tcp_mode ]] || return 0 # the echo's client waits
  grep -q -m 1 'bindlink0: .*[<,]UP' < <(timeout 15 ip -n "$slave_ns" -o monitor link) ||
    die "the slave did not start: $(tail -n 1 "$directory/slave")"
}

# Starts both ends, the master first, and waits for the first ping that is answered.
start_bond() {
  use_mode
  ip netns exec "$master_ns" java -jar "$jar" master --key-file "$directory/key" "${master_options[@]}" \
    >"$directory/master" 2>&1 &
  master_pid=$!
  await "the master" "$directory/master" grep -qs 'master listens' "$directory/master"
  ip netns exec "$master_ns" iperf3 -s >"$directory/server" 2>&1 &
  local started=$EPOCHREALTIME
  ip netns exec "$slave_ns" java -jar "$jar" slave --key-file "$directory/key" "${slave_options[@]}" "${slave_mode[@]}" \
    >"$directory/slave" 2>&1 &
  slave_pid=$!
  await_tun
  pings first 0.01 1000 &
  local pinging=$!
  sleep 1
  await "the bond" "$directory/slave" grep -qs time= "$directory/first"
  start_ms=$(awk -F '[][]' -v s="$started" '/time=/ { printf "%.0f", 1000 * ($2 - s); exit }' "$directory/first")
  kill "$pinging" 2>/dev/null || true
  wait "$pinging" 2>/dev/null || true
}

# ---- measuring ----

# Pings the master, into the file $1, each $2 seconds, $3 times. Unanswered ones are no failure: they are counted. In TCP
# mode an echo over one connection, of which nothing can be lost.
pings() {
  if [[ -n $tcp_mode ]]; then
    exec ip netns exec "$slave_ns" java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$directory" \
      Echo ping 5207 "$(awk -v s="$2" 'BEGIN { print 1000 * s }')" "$3" >"$directory/$1" 2>&1
  fi
  exec ip netns exec "$slave_ns" ping -n -D -i "$2" -c "$3" -W 1 "$target" >"$directory/$1" 2>&1
}

round_trips() { sed -n 's/.*time=\([0-9.]*\) ms.*/\1/p' "$@"; }

# The value that so many percent of the numbers do not exceed.
percentile() {
  sort -n | awk -v p="$1" '{ v[NR] = $1 } END { i = int(NR * p / 100 + 0.999999); print NR ? v[i < 1 ? 1 : i] : "none" }'
}

measure_idle() {
  (pings idle 0.05 60) || true
  idle_ms=$(round_trips "$directory/idle" | percentile 50)
}

# One TCP flow, up or down, while pings measure what else would feel of it. Adds to the files tcp-up or tcp-down, mbits, and
# iperf-cpu: the seconds that both of iperf3's processes took.
transfer() {
  local way=$1 run=$2 options=()
  [[ $way == up ]] || options=(-R)
  pings "load-$way-$run" 0.05 $((seconds * 20)) &
  local pinging=$!
  timeout $((seconds + 20)) ip netns exec "$slave_ns" iperf3 -V -f m -t "$seconds" -c "$target" "${options[@]}" \
    >"$directory/iperf" 2>&1 || die "iperf3 $way: $(tail -n 1 "$directory/iperf")"
  wait "$pinging" || true
  awk '/sec .*receiver/ { print $(NF - 2) }' "$directory/iperf" >>"$directory/tcp-$way"
  awk '/sec .*receiver/ { for (i = 1; i < NF; i++) if (split($i, span, "-") == 2) { print $(NF - 2) * span[2]; exit } }' \
    "$directory/iperf" >>"$directory/mbits"
  awk -v s="$seconds" '/^CPU Utilization/ { print ($4 + $7) / 100 * s }' "$directory/iperf" >>"$directory/iperf-cpu"
}

# What the bond's two ends have taken so far; without a bond, what iperf3's have.
cpu_seconds() {
  if [[ -z $master_pid ]]; then
    awk '{ s += $1 } END { print s + 0 }' "$directory/iperf-cpu"
  else
    awk -v hertz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); ticks += $12 + $13 } END { print ticks / hertz }' \
      "/proc/$master_pid/stat" "/proc/$slave_pid/stat"
  fi
}

peak_megabytes() { awk '/^VmHWM/ { printf "%.0f", $2 * 1024 / 1e6 }' "/proc/$1/status"; }

measure_load() {
  local run before after
  : >"$directory/iperf-cpu"
  before=$(cpu_seconds)
  for ((run = 1; run <= runs; run++)); do
    transfer up "$run"
    transfer down "$run"
  done
  after=$(cpu_seconds)
  up_mbit=$(percentile 50 <"$directory/tcp-up")
  down_mbit=$(percentile 50 <"$directory/tcp-down")
  load_ms="$(round_trips "$directory"/load-* | percentile 50) / $(round_trips "$directory"/load-* | percentile 95)"
  lost_percent=$(awk '/packets transmitted/ { sent += $1; got += $4 } END { printf "%.1f", 100 * (1 - got / sent) }' \
    "$directory"/load-*)
  cpu_per_gb=$(awk -v before="$before" -v after="$after" \
    '{ gigabytes += $1 / 8000 } END { printf "%.1f", (after - before) / gigabytes }' "$directory/mbits")
}

# In TCP mode with 2000 connections beside.
measure_memory() {
  if [[ -n $tcp_mode ]]; then
    ip netns exec "$slave_ns" java -XX:+UseSerialGC -cp "$directory" Echo hold 5207 2000 >"$directory/hold" 2>&1 &
    await "2000 connections" "$directory/hold" grep -qs holds "$directory/hold"
  fi
  memory="$(peak_megabytes "$slave_pid") / $(peak_megabytes "$master_pid")"
}

# The longest time between two answers when the best link is gone for 5 of 12 seconds.
measure_cut() {
  local started=$EPOCHREALTIME
  pings cut 0.01 1200 &
  local pinging=$!
  sleep 2
  cut_link 1
  sleep 5
  restore_link 1
  wait "$pinging" || true
  gap_ms=$(awk -F '[][]' -v last="$started" '
    function saw(time) { if (time - last > gap) gap = time - last; last = time }
    BEGIN { end = last + 12 }
    /time=/ { saw($2) }
    END { saw(end); printf "%.0f", 1000 * gap }' "$directory/cut")
}

measure() {
  local name=$1
  shift
  say "lab: $name: $*"
  build "$@"
  start_bond
  sleep 6 # a node warms up for some seconds after its first link came up
  measure_load
  sleep 3
  measure_idle # after some traffic: the JVM compiles what it has seen often
  gap_ms=-
  (($# == 1)) || measure_cut
  measure_memory
  print_row "$name" "$(sum_of "$@")"
  tear_down
}

# A wire as it is, without a bond.
measure_bare() {
  local name=$1 target=10.77.1.1 tcp_mode=
  say "lab: $name: $2"
  build "$2"
  ip netns exec "$master_ns" iperf3 -s --forceflush >"$directory/server" 2>&1 &
  await iperf3 "$directory/server" grep -qs 'Server listening' "$directory/server"
  master_pid='' gap_ms=- memory=- start_ms=-
  measure_load
  measure_idle
  print_row "$name" -
  tear_down
}

# ---- the report ----

sum_of() { printf '%s\n' "$@" | awk -F / '{ sum += $1 } END { print sum ? sum : "-" }'; }

print_head() {
  echo "Bindlink $(java -jar "$jar" --version | awk '{ print $NF }'), $(date -u +%F), Linux $(uname -r), $(nproc) CPUs," \
    "Java $(java -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')," \
    "TCP $(cat /proc/sys/net/ipv4/tcp_congestion_control), load before $(cut -d ' ' -f 1 /proc/loadavg);"
  echo "shaped links: $shaping; $seconds s for each transfer, runs: $runs."
  echo
  echo '| scenario | sum of links, Mbit/s | TCP up / down, Mbit/s | ping idle, ms | ping under load, median / p95, ms (lost) |' \
    'gap at a cut, ms | CPU, s/GB | peak memory slave / master, MB | start, ms |'
  echo '|---|---|---|---|---|---|---|---|---|'
}

print_row() {
  echo "| $1 | $2 | $up_mbit / $down_mbit | $idle_ms | $load_ms ($lost_percent %) | $gap_ms | $cpu_per_gb |" \
    "$memory | $start_ms |"
}

# A scenario, and what it is compared with: its best link alone, which bonding has to beat, or a wire without Bindlink.
run_scenario() {
  local links
  read -r -a links <<<"$(links_of "$1")"
  measure "$1" "${links[@]}"
  if has_quality "${links[0]}"; then
    measure "$1, link 1 alone" "${links[0]}"
  else
    measure_bare "$1, without Bindlink" "${links[0]}"
  fi
}

read_arguments "$@"
check_needs
[[ -z $tcp_mode ]] || javac -d "$directory" "$(dirname "$0")/Echo.java"
java -jar "$jar" genkey --out "$directory/key" >/dev/null
shaping="emulated phones"
! has_netem || shaping=netem
print_head
for scenario in "${scenarios[@]}"; do
  run_scenario "$scenario"
done
