/**
 * A `duty-gate` as a program of its own: text of a bash script that starts ours.
 *
 * `bash -p` imports no functions and reads no `$BASH_ENV`, yet hands every entry on. What would act on Node or the dynamic loader goes
 * under a name of its own; the wrapper gives it its own name back for the command (build/launcher.bash, wrapper/environment.ts).
 *
 * @param node, program absolute paths, as its caller sees them; @param jobFolder of the job's session; null: it is told of none.
 * @param agent stands in this agent's place: it has what has its own path run in a cage of its own; absent: it is `duty-gate` itself.
 */
export function launcherScript({ node, program, jobFolder, agent }: LauncherScript): string {
  return `#!/bin/bash -p
unset "\${!DUTY_GATE_@}"
for name in "\${!NODE_@}" "\${!LD_@}" "\${!UV_@}" "\${!OPENSSL_@}" "\${!SSL_CERT_@}" "\${!MALLOC_@}" "\${!GLIBC_@}"; do
  declare -x "DUTY_GATE_ENV_$name=\${!name}"
  unset "$name"
done
${jobFolder === null ? '' : `declare -x DUTY_GATE_JOB=${quoted(jobFolder)}\n`}exec ${quoted(node)} --disable-sigusr1 ${quoted(program)}${agent === undefined ? '' : ` run --duty ${quoted(agent.duty)} --agent ${agent.rule} -- "$0"`} "$@"
`;
}

export type LauncherScript = {
  readonly node: string;
  readonly program: string;
  readonly jobFolder: string | null;
  readonly agent?: { readonly duty: string; readonly rule: number };
};

/** One word of the shell, whatever it holds. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
