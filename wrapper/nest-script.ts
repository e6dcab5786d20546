import { CLOSED_PROC_SCRIPT, INIT_SCRIPT, NETWORK_SCRIPT, STEP_SCRIPT, TELL_MOUNTS_SCRIPT } from './init-script.ts';

const MAIN_SCRIPT = `
main() {
  local record mounts
  umask 022
  program=3
  exec {life}<&1 </dev/null >&2 || fail descriptors
  declare -A tool
  uncovered=() closed=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      uncover=*) uncovered+=("\${record#*=}") ;;
      close=*) closed+=("\${record#*=}") ;;
      entrance=* | label=*) printf -v "\${record%%=*}" %s "\${record#*=}" ;;
      *) fail settings ;;
    esac
  done <setup || fail settings
  list_closed_proc >>mounts || fail /proc
  exec {start}<start {baits}<baits {mounts}<mounts || fail settings
  # Where we are now nothing else here knows.
  cd / || fail settings
  step /proc "\${tool[mount]}" -t proc -o nosuid,nodev,noexec "$label" /proc
  set_up_network
  step private "\${tool[mount]}" -i -c -a -T "/proc/self/fd/$mounts"
  check_closed_proc
  [[ \${#uncovered[@]} = 0 ]] || "/proc/self/fd/$program" uncover "\${uncovered[@]}" || exit 125
  [[ \${#closed[@]} = 0 ]] || "/proc/self/fd/$program" close "\${closed[@]}" || exit 125
  exec {mounts}<&-
  tell_mounts
  serve
}
`;

/**
 * The program that makes a cage within a cage: bash, in namespaces of its own that began as copies of the outer cage's
 * (wrapper/cage/nest.c). What the outer one's processes see and may write it leaves as it is; what they could reach each other by is new.
 * Its settings lie in the folder that it starts in. All else is as with the program of cage-script.ts.
 */
export const NEST_SCRIPT = `${STEP_SCRIPT}${CLOSED_PROC_SCRIPT}${NETWORK_SCRIPT}${TELL_MOUNTS_SCRIPT}${INIT_SCRIPT}${MAIN_SCRIPT}
main
`;
