/**
 * The program that makes a cage from within and then is its init (PID 1): bash, started with an empty environment.
 *
 * It talks to the wrapper on file descriptor 2, a socket that sudo passes on too: up go status lines (cage-status.ts)
 * and whatever the tools complain of, down come `go`, `signal NAME` and, by closing, the end. Nothing caged holds that
 * socket: the command's own standard error is the terminal. In the user-namespace entrance this program stays in the
 * outer user namespace with its capabilities, which nothing caged has there, so it cannot be traced from inside.
 *
 * `setup` and `environment` in the session folder are opened first; the wrapper unlinks them at `@network`.
 */
export const CAGE_SCRIPT = `
fail() { printf '@fail %s\\n' "$1" >&2; exit 125; }
step() { local name=$1; shift; "$@" || fail "$name"; }

main() {
  local folder=$1 fd record
  umask 022
  exec {in}<&0 </dev/null >&2 || fail descriptors
  for fd in /proc/self/fd/*; do
    fd=\${fd##*/}
    case $fd in 0 | 1 | 2 | 255 | "$in") ;; *) eval "exec $fd>&-" ;; esac
  done
  declare -A tool
  hide=() argv=() limits=()
  while IFS= read -r -d '' record; do
    case $record in
      tool:*) record=\${record#tool:}; tool[\${record%%=*}]=\${record#*=} ;;
      hide=*) hide+=("\${record#*=}") ;;
      argv=*) argv+=("\${record#*=}") ;;
      limit=*) limits+=("\${record#*=}") ;;
      uid=* | gid=* | cwd=* | umask=* | entrance=* | interactive=* | console=* | ca=* | resolv=* | resolv_path=* | last=*)
        printf -v "\${record%%=*}" %s "\${record#*=}" ;;
      *) fail settings ;;
    esac
  done <"$folder/setup" || fail settings
  exec {environment}<"$folder/environment" {out}<>"$console" || fail settings
  [[ $interactive = 0 ]] || exec {in}<&"$out" || fail settings
  cd / || fail settings

  # The pid that the host's /proc, still mounted here, knows us by.
  read -r host_pid _ </proc/self/stat || fail /proc
  step /proc "\${tool[mount]}" -t proc -o nosuid,nodev,noexec proc /proc
  set_up_network
  printf '@network %s\\n' "$host_pid" >&2

  protect_proc
  set_up_sys
  set_up_run
  set_up_dev
  set_up_hidden
  [[ $interactive = 1 ]] || step terminal "\${tool[stty]}" -opost -echo <&"$out"
  printf '@ready\\n' >&2
  local answer=
  read -r -u 2 answer && [[ $answer = go ]] || exit 125
  run_command
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

# R15: uid 0 without a capability still owns these files. (A mount over /proc keeps nested cages from mounting their own.)
protect_proc() {
  local name
  for name in sys irq bus fs sysrq-trigger mtrr scsi acpi driver; do
    [[ -e /proc/$name ]] || continue
    step "/proc/$name" "\${tool[mount]}" --bind -o ro,nosuid,nodev,noexec "/proc/$name" "/proc/$name"
  done
}

# R15: read-only with every mount below, and control groups wherever they are. Flags of the host's mounts are locked and
# must be given again.
set_up_sys() {
  local -a lines
  local line point options
  mapfile -t lines </proc/self/mountinfo || fail /sys
  for line in "\${lines[@]}"; do
    read -r _ _ _ _ point options _ <<<"$line"
    printf -v point %b "$point"
    case $line in
      *' - cgroup '* | *' - cgroup2 '* | *' - sysfs '*) ;;
      *) [[ $point = /sys/* ]] || continue ;;
    esac
    [[ ,$options, = *,ro,* ]] && continue
    step "$point" "\${tool[mount]}" -o "remount,bind,ro,\${options#rw,}" "$point"
  done
}

set_up_run() {
  step /run "\${tool[mount]}" -t tmpfs -o mode=0755,nosuid,nodev,size=256m tmpfs /run
  if [[ -d /var/run && ! -L /var/run ]]; then
    step /var/run "\${tool[mount]}" -t tmpfs -o mode=0755,nosuid,nodev,size=64m tmpfs /var/run
  fi
  step /run "\${tool[mkdir]}" -m 1777 /run/lock
  step /run "\${tool[mkdir]}" -p /run/duty-gate /run/duty-gate-dev "\${resolv_path%/*}"
  step /run "\${tool[mkdir]}" -m 0700 -p "/run/user/$uid"
  [[ $entrance != sudo ]] || step /run "\${tool[chown]}" "$uid:$gid" "/run/user/$uid"
  printf %s "$ca" >/run/duty-gate/ca.pem || fail ca.pem
  printf %s "$resolv" >/run/duty-gate/resolv.conf || fail resolv.conf
  : >/run/duty-gate/empty || fail /run/duty-gate
  case $resolv_path in
    /run/*) : >"$resolv_path" || fail resolv.conf ;;
  esac
  step resolv.conf "\${tool[mount]}" --bind -o ro /run/duty-gate/resolv.conf "$resolv_path"
  step /run/duty-gate "\${tool[mount]}" --bind -o ro /run/duty-gate /run/duty-gate
}

# Built aside and moved into place, so that the host's devices are there to take from until the end. The command's
# terminal is the host's and goes on working as an open descriptor; /dev/console is its name inside.
set_up_dev() {
  local dev=/run/duty-gate-dev name
  step /dev "\${tool[mount]}" -t tmpfs -o mode=0755,nosuid,noexec,size=64k tmpfs "$dev"
  step /dev "\${tool[mkdir]}" "$dev/pts" "$dev/shm"
  for name in null zero full random urandom tty; do
    : >"$dev/$name" || fail "/dev/$name"
    step "/dev/$name" "\${tool[mount]}" --bind "/dev/$name" "$dev/$name"
  done
  : >"$dev/console" || fail /dev/console
  step /dev/console "\${tool[mount]}" --bind "$console" "$dev/console"
  step /dev/pts "\${tool[mount]}" -t devpts -o newinstance,ptmxmode=0666,mode=0620,nosuid,noexec devpts "$dev/pts"
  step /dev/shm "\${tool[mount]}" -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$dev/shm"
  step /dev "\${tool[ln]}" -s /proc/self/fd pts/ptmx "$dev/"
  step /dev "\${tool[ln]}" -s /proc/self/fd/0 "$dev/stdin"
  step /dev "\${tool[ln]}" -s /proc/self/fd/1 "$dev/stdout"
  step /dev "\${tool[ln]}" -s /proc/self/fd/2 "$dev/stderr"
  step /dev "\${tool[mount]}" --move "$dev" /dev
}

# A path that is gone since the wrapper looked is a failure: it could come back.
set_up_hidden() {
  local path
  for path in "\${hide[@]}"; do
    if [[ -d $path ]]; then
      step "hide $path" "\${tool[mount]}" -t tmpfs -o ro,mode=0555,nosuid,nodev,noexec,size=4k tmpfs "$path"
    else
      step "hide $path" "\${tool[mount]}" --bind -o ro /run/duty-gate/empty "$path"
    fi
  done
}

run_command() {
  local -a enter=("\${tool[setsid]}" --) drop=()
  [[ $interactive = 0 ]] || enter=("\${tool[setsid]}" --ctty --)
  if [[ $entrance = sudo ]]; then
    drop=("\${tool[setpriv]}" --reuid="$uid" --regid="$gid" --groups="$gid")
  else
    # Without --keep-caps the bounding set would silently stay full.
    drop=("\${tool[unshare]}" --user --map-user="$uid" --map-group="$gid" --keep-caps -- "\${tool[setpriv]}")
  fi
  drop+=(--no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all --)
  exec_command() {
    restore_limits
    exec "\${enter[@]}" "\${drop[@]}" "\${tool[bash]}" --norc --noprofile -c "$last" duty-gate \\
      "$environment" "$umask" "$cwd" "\${tool[env]}" "\${argv[@]}" <&"$in" >&"$out" {in}<&- {out}>&-
  }
  exec_command <&"$in" &
  command=$!
  # Nobody but the command and its children holds the terminal now: the wrapper sees its end.
  exec {in}<&- {out}>&- {environment}<&-
  obey &
  wait -n
  # The listener for orders ends first only when the wrapper is gone or has let go: all that is left dies with us.
  [[ -e /proc/$command/stat ]] && exit 137
  wait "$command"
  local status=$?
  printf '@exit %s\\n' "$status" >&2
  # The last output may still be on its way through a child (tee, gzip): the wrapper says when.
  wait
  exit "$status"
}

# As far as this machine lets us: a limit that stays lower than the caller's gives nothing away.
restore_limits() {
  local limit
  [[ \${#limits[@]} = 0 ]] && return
  "\${tool[prlimit]}" --pid "$BASHPID" "\${limits[@]}" 2>/dev/null && return
  for limit in "\${limits[@]}"; do "\${tool[prlimit]}" --pid "$BASHPID" "$limit" 2>/dev/null; done
}

# INT and QUIT go to the command's whole group, as a terminal sends them; the others to the command alone.
obey() {
  local order
  while read -r -u 2 order; do
    case $order in
      'signal INT' | 'signal QUIT') kill -s "\${order#signal }" -- "-$command" ;;
      'signal '*) kill -s "\${order#signal }" "$command" ;;
    esac
  done
}

main "$@"
`;

/**
 * The last program before the command, already without rights: \$1 descriptor of the environment, \$2 umask, \$3 folder,
 * \$4 env(1), then the command. The caller's environment takes effect at the last exec only (R22), and is on no command
 * line for longer than that exec takes. \`--default-signal\`: a shell ignores INT and QUIT in what it starts with \`&\`.
 */
export const LAST_SCRIPT = `
stop() { printf '@fail %s\\n' "$1" >&2; exit 125; }
fd=$1 env=$4
mapfile -d '' -t entries <&"$fd" || stop environment
exec {fd}<&-
umask "$2" || stop umask
cd -- "$3" || stop cwd
shift 4
printf '@started\\n' >&2
exec "$env" -i --default-signal -- "\${entries[@]}" "$@" 2>&1
`;
