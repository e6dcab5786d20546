#!/bin/bash -p
# Starts duty-gate with Node 24 or newer: $DUTY_GATE_NODE, else the clone's own, else the one on PATH.
#
# The wrapped command is to get its caller's environment unchanged, and that environment is not to act on duty-gate itself.
# Hence bash and not sh: `-p` imports no functions and reads no $BASH_ENV, yet hands on every entry, exported functions
# and names that are no shell names included, where sh drops them. What would act on Node or on the dynamic loader goes
# under a name of its own; the wrapper gives it its own name back for the command (wrapper/environment.ts).

self=${BASH_SOURCE[0]}
[[ $self == */* ]] || self=./$self
while [[ -L $self ]]; do
  link=$(readlink -- "$self") || exit 125
  [[ $link == /* ]] || link=${self%/*}/$link
  self=$link
done
dist=${self%/*}/..

refuse() {
  printf 'duty-gate: Cannot start: %s, expected Node 24 or newer as $DUTY_GATE_NODE, in the clone'\''s node_modules/.bin or on PATH\n' "$1" >&2
  exit 125
}

is_new_enough() {
  local version major
  version=$("$1" --version 2>/dev/null) || return 1
  major=${version#v}
  major=${major%%.*}
  [[ $major =~ ^[0-9]+$ ]] && ((major >= 24))
}

unset "${!DUTY_GATE_ENV_@}"
for name in "${!NODE_@}" "${!LD_@}" "${!UV_@}" "${!OPENSSL_@}" "${!SSL_CERT_@}" "${!MALLOC_@}" "${!GLIBC_@}"; do
  export "DUTY_GATE_ENV_$name=${!name}"
  unset "$name"
done

if [[ -n ${DUTY_GATE_NODE-} ]]; then
  node=$DUTY_GATE_NODE
  is_new_enough "$node" || refuse "\$DUTY_GATE_NODE is no such Node"
elif [[ -x $dist/../node_modules/.bin/node ]]; then
  # The lock file says which version this is.
  node=$dist/../node_modules/.bin/node
else
  node=$(type -P node) || refuse 'no Node found'
  is_new_enough "$node" || refuse "the Node on PATH is older"
fi

# A signal to Node opens its debugger otherwise, to anyone who may send signals to us.
exec "$node" --disable-sigusr1 "$dist/duty-gate.js" "$@"
