/**
 * The part of the cage's init that starts the command (by wrapper/cage/start.c, which takes all rights from it), passes
 * signals on and tells its end.
 */
export const COMMAND_SCRIPT = `
run_command() {
  exec_command() {
    exec "/proc/self/fd/$program" start "$start" <&"$in" >&"$out" {in}<&- {out}>&-
  }
  exec_command <&"$in" &
  command=$!
  # Nobody but the command and its children holds the terminal now: the wrapper sees its end.
  exec {in}<&- {out}>&- {start}<&- {program}<&-
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
