import { CLOSED_PROC_SCRIPT, INIT_SCRIPT, NETWORK_SCRIPT, STEP_SCRIPT, TELL_MOUNTS_SCRIPT } from './init-script.ts';
import { MOUNTS_SCRIPT } from './mounts-script.ts';

const MAIN_SCRIPT = `
main() {
  local folder=$1 fd record
  umask 022
  exec {life}<&1 </dev/null >&2 || fail descriptors
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    case $fd in 0 | 1 | 2 | 255 | "$life") ;; *) eval "exec $fd>&-" ;; esac
  done
  declare -A tool
  devices=() layers=() aliases=() agents=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      device=*) devices+=("\${record#*=}") ;;
      agent=*) agents+=("\${record#*=}") ;;
      alias=*) aliases+=("\${record#*=}") ;;
      layer=*) layers+=("\${record#*=}") ;;
      uid=* | gid=* | entrance=* | ca=* | resolv=* | resolv_path=* | program=* | launcher=* | label=* | probe=* | \
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
  serve
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
export const CAGE_SCRIPT = `${STEP_SCRIPT}${CLOSED_PROC_SCRIPT}${NETWORK_SCRIPT}${TELL_MOUNTS_SCRIPT}${INIT_SCRIPT}${MAIN_SCRIPT}${MOUNTS_SCRIPT}
main "$@"
`;
