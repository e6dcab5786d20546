import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  OUTSIDE_HELP,
  OUTSIDE_OPTIONS,
  readOutside
} from "./shared-B2ODYQPV.js";
import {
  PATH_HELP,
  findBundle,
  openBundle
} from "./shared-ZAPNIUO6.js";
import {
  verificationPage
} from "./shared-PMR7ZHAQ.js";
import {
  exitCodeOf,
  verifyBundle
} from "./shared-4ZZSA6HO.js";
import "./shared-VBDUAGZA.js";
import "./shared-33G7XI2G.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import "./shared-HW2JNPR6.js";
import "./shared-IC5W4FSN.js";
import "./shared-VXLA3JHL.js";
import {
  printable
} from "./shared-45OH65BV.js";
import "./shared-SRWRGWQG.js";
import "./shared-ZTYEZK3O.js";
import "./shared-XR5Q7YXY.js";
import "./shared-ICF2F4II.js";
import "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";

// src/cli/verify.ts
import { parseArgs } from "node:util";
var HELP = `duty-gate verify PATH [--keys FILE] [--log FILE] [--identity FILE] [--json] [--allow-local]

Checks an evidence bundle offline: form, chain, seal, recordings, policy, token, signature.
${PATH_HELP}

${OUTSIDE_HELP}
  --json           print one JSON object instead of the page
  --allow-local    accept sealed evidence of issuer "local", for which only its own machine vouches
  --help           this text

Exit code: 0 sealed and anchored, 1 broken, 2 usage, 3 intact but unanchored, 4 unsealed.
`;
async function verifyCommand(args, io) {
  const options = readOptions(args);
  if (typeof options === "string") return usage(io, options);
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const found = findBundle(options.path);
  if ("why" in found) return usage(io, found.why);
  const outside = readOutside(options);
  if ("why" in outside) return usage(io, outside.why);
  return verifyAt(found.bundle, { ...options, outside }, io);
}
function readOptions(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...OUTSIDE_OPTIONS,
        json: { type: "boolean" },
        "allow-local": { type: "boolean" },
        help: { type: "boolean", short: "h" }
      }
    });
    const [path = "", ...more] = positionals;
    const help = values.help === true;
    if (!help && (path === "" || more.length > 0)) return `Cannot verify: ${positionals.length} paths given, expected one`;
    const { keys = null, log = null, identity = null } = values;
    return { path, help, keys, log, identity, json: values.json === true, allowLocal: values["allow-local"] === true };
  } catch (cause) {
    return cause instanceof Error ? cause.message : "Cannot read the options";
  }
}
async function verifyAt(path, { outside, json, allowLocal }, io) {
  let verification;
  try {
    const bundle = await openBundle(path);
    try {
      verification = await verifyBundle(bundle, outside);
    } finally {
      bundle.close();
    }
  } catch (cause) {
    io.stderr.write(`Cannot verify ${printable(path)}: ${printable(cause instanceof Error ? cause.message : String(cause))}
`);
    return EXIT_FAILED;
  }
  const exitCode = exitCodeOf(verification, allowLocal);
  io.stdout.write(json ? `${JSON.stringify({ ok: exitCode === EXIT_OK, exitCode, ...verification })}
` : verificationPage(verification));
  return exitCode;
}
function usage(io, why) {
  io.stderr.write(`${printable(why)}

${HELP}`);
  return EXIT_USAGE;
}
export {
  verifyCommand
};
