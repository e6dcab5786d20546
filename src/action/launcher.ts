import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type LauncherParts = {
  /** Absolute: the Node that runs the action itself. */
  readonly node: string;
  /** Absolute: the command line's program. */
  readonly program: string;
  readonly jobFolder: string;
};

/**
 * Writes the `duty-gate` of this job into a folder that is then put on PATH; answers that folder. Where it leads is written in it:
 * nothing that a step puts into files or environment can have it start something else, or go on with another session (R18).
 */
export function writeLauncher(parts: LauncherParts): string {
  const folder = join(parts.jobFolder, 'bin');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, 'duty-gate'), launcherText(parts), { mode: 0o700, flag: 'wx' });
  return folder;
}

/**
 * `bash -p` imports no functions and reads no `$BASH_ENV`, yet hands every entry on. What would act on Node or the dynamic loader goes
 * under a name of its own; the wrapper gives it its own name back for the command (build/launcher.bash, wrapper/environment.ts).
 */
function launcherText({ node, program, jobFolder }: LauncherParts): string {
  return `#!/bin/bash -p
# Written by the action for this job, and for nothing else.
unset "\${!DUTY_GATE_@}"
for name in "\${!NODE_@}" "\${!LD_@}" "\${!UV_@}" "\${!OPENSSL_@}" "\${!SSL_CERT_@}" "\${!MALLOC_@}" "\${!GLIBC_@}"; do
  declare -x "DUTY_GATE_ENV_$name=\${!name}"
  unset "$name"
done
declare -x DUTY_GATE_JOB=${quoted(jobFolder)}
exec ${quoted(node)} --disable-sigusr1 ${quoted(program)} "$@"
`;
}

/** The command line's program: a source file where we are one, else the bundle in the same folder. */
export function programPath(here: string): string {
  return fileURLToPath(new URL(here.endsWith('.ts') ? '../cli/main.ts' : './duty-gate.js', here));
}

/** One word of the shell, whatever it holds. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
