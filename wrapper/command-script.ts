/** The part of the cage's init that starts the command, passes signals on and tells its end. */
export const COMMAND_SCRIPT = `
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
`;

/**
 * The last program before the command, already without rights: $1 descriptor of the environment, \$2 umask, \$3 folder,
 * $4 env(1), then the command. The caller's environment takes effect at the last exec only (R22), and is on no command
 * line for longer than that exec takes. `--default-signal`: a shell ignores INT and QUIT in what it starts with `&`.
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
