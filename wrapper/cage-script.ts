import { MOUNTS_SCRIPT } from './mounts-script.ts';

const MAIN_SCRIPT = `
fail() { printf '@fail %s\\n' "$1" >&2; exit 125; }
step() { local name=$1; shift; "$@" || fail "$name"; }

main() {
  local folder=$1 fd record
  umask 022
  exec {life}<&1 </dev/null >&2 || fail descriptors
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    case $fd in 0 | 1 | 2 | 255 | "$life") ;; *) eval "exec $fd>&-" ;; esac
  done
  declare -A tool
  devices=() layers=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      device=*) devices+=("\${record#*=}") ;;
      layer=*) layers+=("\${record#*=}") ;;
      uid=* | gid=* | entrance=* | ca=* | resolv=* | resolv_path=* | program=* | label=* | probe=* | \
        owner_uid=* | owner_gid=*)
        printf -v "\${record%%=*}" %s "\${record#*=}" ;;
      *) fail settings ;;
    esac
  done <"$folder/setup" || fail settings
  # Opened now: what this name means once the mounts are made is another matter.
  exec {program}<"$program" {start}<"$folder/start" {baits}<"$folder/baits" || fail settings
  cd / || fail settings

  # The pid that the host's /proc, still mounted here, knows us by.
  read -r host_pid _ </proc/self/stat || fail /proc
  step /proc "\${tool[mount]}" -t proc -o nosuid,nodev,noexec "$label" /proc
  set_up_network
  step network "/proc/self/fd/$program" network "$host_pid"
  set_up_mounts
  printf '@ready\\n' >&2
  local answer=
  read -r -u 2 answer && [[ $answer = probe ]] || exit 125
  try_escapes
  read -r -u 2 answer && [[ $answer = go ]] || exit 125
  exec "/proc/self/fd/$program" hold <&"$life"
}

# By the program that starts commands here, in the same way, but for the terminal.
try_escapes() {
  (exec "/proc/self/fd/$program" probe "$start" "$baits" </dev/null {life}<&-) || fail escapes
  exec {start}<&- {baits}<&-
  printf '@probed\\n' >&2
}

# From here on every address is this namespace's own: a connect reaches a listener inside, or is refused.
set_up_network() {
  step network "\${tool[ip]}" -batch - <<<$'link set lo up\\nroute add local 0.0.0.0/0 dev lo'
  # Without IPv6 in the kernel there is nothing that could leave by it; with it, a failure is one.
  if [[ -e /proc/net/if_inet6 && $(</proc/sys/net/ipv6/conf/lo/disable_ipv6) = 0 ]]; then
    step network "\${tool[ip]}" -6 route add local ::/0 dev lo
    # IPv6 wants this besides, to bind an address that a route makes local.
    printf 1 >/proc/sys/net/ipv6/ip_nonlocal_bind || fail network
  fi
}
`;

/**
 * The program that makes a cage from within: bash, started with an empty environment. When all is made and proved it becomes
 * the cage's init (wrapper/cage/hold.c), which lives for as long as the socket that is its standard output here.
 *
 * It talks to the wrapper on file descriptor 2, a socket that sudo passes on too: up go status lines (cage-status.ts)
 * and whatever the tools complain of, down come `probe` and `go`; it ends with the wrapper until then. In the user-namespace entrance
 * it stays in the outer user namespace with its capabilities, which nothing caged has there, so it cannot be traced from
 * inside.
 *
 * It reads files of the session folder (cage-files.ts); the wrapper unlinks them before it says `go`.
 */
export const CAGE_SCRIPT = `${MAIN_SCRIPT}${MOUNTS_SCRIPT}
main "$@"
`;
