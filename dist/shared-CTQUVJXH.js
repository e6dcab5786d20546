import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  readKeysFile
} from "./shared-NDY3BGVP.js";
import {
  findBundle
} from "./shared-ZUTS4CQY.js";
import {
  exitCodeOf,
  pinnedKeys,
  verifyBundle
} from "./shared-OP2GJ2PY.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import "./shared-YN7JZZCD.js";
import "./shared-SXGBGS4B.js";
import {
  verificationPage
} from "./shared-QS3JVGX7.js";
import {
  openBundleFolder
} from "./shared-3QIPNHWR.js";
import {
  printable
} from "./shared-DO3Y22EE.js";
import "./shared-DBOSDKD3.js";
import "./shared-3DBFPAHH.js";
import "./shared-7VOT6GHQ.js";

// src/cli/verify.ts
import { parseArgs } from "node:util";
var HELP = `duty-gate verify PATH [--keys FILE] [--json] [--allow-local]

Checks an evidence bundle offline: form, chain, seal, recordings, policy, token, signature.
PATH is the session's folder, or a folder that holds exactly one.

  --keys FILE    more keys of issuers, from where you trust:
                 {"issuers":[{"issuer":"https://\u2026","keys":[the keys of its key set]}]}
  --json         print one JSON object instead of the page
  --allow-local  accept sealed evidence of issuer "local", for which only its own machine vouches
  --help         this text

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
  const keys = options.keys === null ? pinnedKeys() : readKeysFile(options.keys);
  if ("why" in keys) return usage(io, keys.why);
  return verifyAt(found.bundle, { ...options, keys }, io);
}
function readOptions(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        keys: { type: "string" },
        json: { type: "boolean" },
        "allow-local": { type: "boolean" },
        help: { type: "boolean", short: "h" }
      }
    });
    const [path = "", ...more] = positionals;
    const help = values.help === true;
    if (!help && (path === "" || more.length > 0)) return `Cannot verify: ${positionals.length} paths given, expected one`;
    return { path, help, keys: values.keys ?? null, json: values.json === true, allowLocal: values["allow-local"] === true };
  } catch (cause) {
    return cause instanceof Error ? cause.message : "Cannot read the options";
  }
}
async function verifyAt(path, { keys, json, allowLocal }, io) {
  let verification;
  try {
    const folder = openBundleFolder(path);
    try {
      verification = await verifyBundle(folder, keys);
    } finally {
      folder.close();
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
