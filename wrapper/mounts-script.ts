import { ASIDE, LAYERS_ASIDE } from './mount-line.ts';

/**
 * The part of the cage's init that makes its mounts. What is mounted where the wrapper has worked out (base-mounts.ts,
 * file-mounts.ts), and it proves the outcome from the table sent up here (mount-check.ts), whatever exit codes say; many
 * mounts are one call.
 */
export const MOUNTS_SCRIPT = `
set_up_mounts() {
  local last_mounts
  list_closed_proc >>"$folder/first" || fail /proc
  # Opened now: what has this name later may be another file.
  exec {last_mounts}<"$folder/last" || fail settings

  # Every mount of the host's at once, control groups included. The exit code says little: a mount that another one covers
  # cannot be reached, and fails.
  "\${tool[mount]}" -c -a -t noproc -o remount,bind,ro,nosuid,nodev
  step private "\${tool[mount]}" -i -c -a -T "$folder/first"
  check_closed_proc
  set_up_files
  set_up_layers
  # The last program of the machine's that runs here before all is proved: a point may have led elsewhere, onto what other programs need.
  "\${tool[mount]}" -i -c -a -T "/proc/self/fd/$last_mounts"
  exec {last_mounts}<&-
  [[ \${#aliases[@]} = 0 ]] || "/proc/self/fd/$program" aliases "\${aliases[@]}" || exit 125
  tell_mounts
}

set_up_files() {
  local name
  for name in "\${devices[@]}"; do
    : >"/dev/$name" || fail "/dev/$name"
  done
  step /dev "\${tool[cp]}" -dR "$folder/links/." /dev
  printf %s "$ca" >/run/duty-gate/ca.pem || fail ca.pem
  printf %s "$resolv" >/run/duty-gate/resolv.conf || fail resolv.conf
  : >/run/duty-gate/empty || fail /run/duty-gate
  step /run/duty-gate "\${tool[mkdir]}" -m 755 /run/duty-gate/bin /run/duty-gate/aliases
  printf %s "$launcher" >/run/duty-gate/bin/duty-gate || fail /run/duty-gate
  step /run/duty-gate "\${tool[chmod]}" 755 /run/duty-gate/bin/duty-gate
  [[ \${#aliases[@]} = 0 ]] || step /run/duty-gate "\${tool[cp]}" -dR "$folder/aliases/." /run/duty-gate/aliases
  set_up_launchers
  case $resolv_path in
    /run/*) : >"$resolv_path" || fail resolv.conf ;;
  esac
}

set_up_launchers() {
  [[ \${#agents[@]} != 0 ]] || return 0
  local agent
  step /run/duty-gate "\${tool[mkdir]}" -m 755 /run/duty-gate/agents
  for agent in "\${agents[@]}"; do
    printf %s "\${agent#*:}" >"/run/duty-gate/agents/\${agent%%:*}" || fail /run/duty-gate
  done
  step /run/duty-gate "\${tool[chmod]}" 755 /run/duty-gate/agents/*
}

# Where the kept folders cannot hold an upper layer, memory does, for this cage alone; the folders have the same names.
set_up_layers() {
  [[ \${#layers[@]} != 0 ]] || return 0
  if [[ $probe != '' ]]; then
    "\${tool[mount]}" -i -c -t overlay -o "$probe" duty-gate-probe ${ASIDE}/probe && return
    printf '@aside\\n' >&2
  fi
  step layers "\${tool[mount]}" -i -c -t tmpfs -o "mode=0700,uid=$owner_uid,gid=$owner_gid,nosuid,nodev,X-mount.mkdir" duty-gate ${LAYERS_ASIDE}
  local -A upper=()
  local -a work=() as=()
  local layer mode
  for layer in "\${layers[@]}"; do
    work+=("${LAYERS_ASIDE}/\${layer#*:}/work")
    upper[\${layer%%:*}]+="${LAYERS_ASIDE}/\${layer#*:}/upper "
  done
  [[ $entrance != sudo ]] || as=("\${tool[setpriv]}" --reuid="$uid" --regid="$gid" --clear-groups --)
  step layers "\${as[@]}" "\${tool[mkdir]}" -p "\${work[@]}"
  for mode in "\${!upper[@]}"; do
    step layers "\${as[@]}" "\${tool[mkdir]}" -m "$mode" \${upper[$mode]}
  done
}
`;
