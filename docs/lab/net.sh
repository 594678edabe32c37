# shellcheck shell=bash
# The namespaces and links of lab.sh, which sources this. Uses its variables: prefix, slave_ns, master_ns, directory, jar,
# shaping; gives slave_options, the links in the slave's words, and far_ns, the namespace at each link's other end.
# shellcheck disable=SC2154

# ---- namespaces ----

our_namespaces() { ip netns list 2>/dev/null | awk -v prefix="$prefix-" 'index($1, prefix) == 1 { print $1 }' || true; }
our_pids() { our_namespaces | while read -r ns; do ip netns pids "$ns"; done; }

# Ends what runs in our namespaces, first kindly, and removes them.
tear_down() {
  local signal pid tries
  for signal in TERM KILL; do
    for pid in $(our_pids); do kill -"$signal" "$pid" 2>/dev/null || true; done
    for ((tries = 0; tries < 30; tries++)); do
      [[ -n $(our_pids) ]] || break 2
      sleep 0.1
    done
  done
  our_namespaces | while read -r ns; do ip netns del "$ns"; done
}

add_namespace() {
  ip netns add "$1"
  ip -n "$1" link set lo up
}

# A cable: namespace, device and address of each end.
add_cable() {
  ip link add "$2" netns "$1" type veth peer name "$5" netns "$4"
  ip -n "$1" addr add "$3/24" dev "$2"
  ip -n "$4" addr add "$6/24" dev "$5"
  ip -n "$1" link set "$2" up
  ip -n "$4" link set "$5" up
}

has_netem() {
  local answer=1
  ip netns add "$prefix-try"
  ip -n "$prefix-try" link add try1 type veth peer name try2
  tc -n "$prefix-try" qdisc add dev try1 root netem delay 1ms rate 1mbit 2>/dev/null || answer=0
  ip netns del "$prefix-try"
  ((answer))
}

# ---- links ----

# Makes link number $1 with the qualities $2, and adds it to slave_options.
add_link() {
  local number=$1 rate delay loss
  IFS=/ read -r rate delay loss <<<"$2"
  if ! has_quality "$2" || [[ $shaping == netem ]]; then
    far_ns[number]=$slave_ns
    add_cable "$master_ns" "link$number" "10.77.$number.1" "$slave_ns" "link$number" "10.77.$number.2"
    slave_options+=(--link "udp://10.77.$number.1:4500")
  fi
  if ! has_quality "$2"; then
    set_wire "$master_ns" "link$number" "$2"
    set_wire "$slave_ns" "link$number" "$2"
  elif [[ $shaping == netem ]]; then
    shape "$master_ns" "link$number" "$rate" "$delay" "$loss"
    shape "$slave_ns" "link$number" "$rate" "$delay" "$loss"
  else
    add_phone "$number" "$rate" "$delay" "$loss"
  fi
}

# Whether a link is a shaped one, not a kind of wire.
has_quality() { [[ $1 == */* ]]; }

# What happens on a wire to a train of datagrams (UDP_SEGMENT) or segments of TCP. By itself veth passes it whole; without
# these offloads the sender's kernel cuts it. Veth joins what arrives only where the other end has no TSO, either.
set_wire() {
  case $3 in
    segmented-gro) ip netns exec "$1" ethtool -K "$2" tx-udp-segmentation off tso off gro on >/dev/null ;;
    segmented) ip netns exec "$1" ethtool -K "$2" tx-udp-segmentation off tso off gro off >/dev/null ;;
  esac
}

# Its queue holds what is in the air, too: packets of 1500 bytes for that time and 100 ms more.
shape() {
  tc -n "$1" qdisc add dev "$2" root netem \
    delay "$4ms" rate "$3mbit" loss "$5%" limit $(($3 * 1000 * ($4 + 100) / 8 / 1500 + 10))
}

# A phone stands between slave and master like a real one: a network towards each, and nothing routed between them.
add_phone() {
  local number=$1 ns=$prefix-phone$1
  far_ns[number]=$ns
  add_namespace "$ns"
  add_cable "$master_ns" "link$number" "10.77.$number.1" "$ns" "link$number" "10.77.$number.2"
  add_cable "$slave_ns" "lan$number" "10.78.$number.2" "$ns" lan "10.78.$number.1"
  ip -n "$ns" route add default via "10.77.$number.1"
  ip netns exec "$ns" java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx64m -jar "$jar" phone \
    --listen "10.78.$number.1:1080" --rate "$2" --delay "$3" --loss "$4" --seed "$number" \
    >"$directory/phone$number" 2>&1 &
  await "phone $number" "$directory/phone$number" grep -qs 'listens on' "$directory/phone$number"
  slave_options+=(--link "socks5://10.78.$number.1:1080")
}

# A cut that nobody is told of: both ends send to a hardware address that no one has.
cut_link() {
  ip -n "$master_ns" neigh replace "10.77.$1.2" lladdr 02:00:00:00:00:01 nud permanent dev "link$1"
  ip -n "${far_ns[$1]}" neigh replace "10.77.$1.1" lladdr 02:00:00:00:00:01 nud permanent dev "link$1"
}

restore_link() {
  ip -n "$master_ns" neigh del "10.77.$1.2" dev "link$1"
  ip -n "${far_ns[$1]}" neigh del "10.77.$1.1" dev "link$1"
}
