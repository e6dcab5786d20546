import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// src/core/launcher-script.ts
function launcherScript({ node, program, jobFolder, agent }) {
  return `#!/bin/bash -p
unset "\${!DUTY_GATE_@}"
for name in "\${!NODE_@}" "\${!LD_@}" "\${!UV_@}" "\${!OPENSSL_@}" "\${!SSL_CERT_@}" "\${!MALLOC_@}" "\${!GLIBC_@}"; do
  declare -x "DUTY_GATE_ENV_$name=\${!name}"
  unset "$name"
done
${jobFolder === null ? "" : `declare -x DUTY_GATE_JOB=${quoted(jobFolder)}
`}exec ${quoted(node)} --disable-sigusr1 ${quoted(program)}${agent === void 0 ? "" : ` run --duty ${quoted(agent.duty)} --agent ${agent.rule} -- "$0"`} "$@"
`;
}
function quoted(word) {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export {
  launcherScript
};
