import { fileURLToPath } from 'node:url';

/**
 * The `duty-gate` of a cage, for commands that have others run: it asks the gateway, and has no rights of its own. As with the job's own
 * (src/action/launcher.ts), what would act on Node or the loader goes under a name of its own.
 *
 * @param node, program absolute paths, as the command sees them.
 */
export function insideLauncher(node: string, program: string): string {
  return `#!/bin/bash -p
unset "\${!DUTY_GATE_@}"
for name in "\${!NODE_@}" "\${!LD_@}" "\${!UV_@}" "\${!OPENSSL_@}" "\${!SSL_CERT_@}" "\${!MALLOC_@}" "\${!GLIBC_@}"; do
  declare -x "DUTY_GATE_ENV_$name=\${!name}"
  unset "$name"
done
exec ${quoted(node)} --disable-sigusr1 ${quoted(program)} "$@"
`;
}

/** The command line's program: a source file where we are one, else the bundle in the same folder. */
export function cliProgram(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../src/cli/main.ts' : './duty-gate.js', here));
}

/** One word of the shell, whatever it holds. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
