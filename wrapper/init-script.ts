/** Parts of the programs that make cages: how they fail, what is the same in all of them. */
export const STEP_SCRIPT = `
fail() { printf '@fail %s\\n' "$1" >&2; exit 125; }
step() { local name=$1; shift; "$@" || fail "$name"; }
`;

/** From here on every address is the namespace's own: a connect reaches a listener inside, or is refused. */
export const NETWORK_SCRIPT = `
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
 * What may be written and cannot even be reached by this program, which has more rights than the command, is told apart: it could
 * not be closed either.
 */
export const TELL_MOUNTS_SCRIPT = `
tell_mounts() {
  local -a lines words
  local line point
  mapfile -t lines </proc/self/mountinfo || fail mountinfo
  set -f
  for line in "\${lines[@]}"; do
    words=($line)
    printf -v point %b "\${words[4]}"
    if [[ $entrance = sudo || ,\${words[5]}, = *,ro,* || -e $point ]]; then
      printf '@mount + %s\\n' "$line"
    else
      printf '@mount - %s\\n' "$line"
    fi
  done >&2
  set +f
}
`;

/**
 * R15: uid 0 without a capability still owns these files. (A mount over /proc keeps cages of other user namespaces from mounting their own
 * within.)
 */
export const CLOSED_PROC_SCRIPT = `
closed_proc=(sys irq bus fs sysrq-trigger mtrr scsi acpi driver)
# Lines for mount(8), which make them read-only.
list_closed_proc() {
  local name
  for name in "\${closed_proc[@]}"; do
    [[ ! -e /proc/$name ]] || printf '/proc/%s /./proc/%s none bind,ro,nosuid,nodev,noexec 0 0\\n' "$name" "$name"
  done
}
check_closed_proc() {
  local name
  for name in "\${closed_proc[@]}"; do
    [[ ! -w /proc/$name ]] || fail "/proc/$name"
  done
}
`;

/** When all is made: has the escapes tried at the word, and becomes the cage's init at the next one. */
export const INIT_SCRIPT = `
serve() {
  local answer=
  printf '@ready\\n' >&2
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
`;
