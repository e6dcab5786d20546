import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  PATH_HELP,
  findBundle,
  openBundle,
  readKeysFile
} from "./shared-ZAPNIUO6.js";
import {
  ReportFault,
  outPath,
  writeReportOf
} from "./shared-XNFW7SVJ.js";
import "./shared-PMR7ZHAQ.js";
import "./shared-TSYTZJFL.js";
import {
  exitCodeOf,
  pinnedKeys,
  verifyBundle
} from "./shared-4ZZSA6HO.js";
import "./shared-VBDUAGZA.js";
import "./shared-33G7XI2G.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
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

// src/cli/report.ts
import { parseArgs } from "node:util";
var HELP = `duty-gate report PATH [--out FILE] [--keys FILE] [--allow-local]

Makes one HTML file of an evidence bundle: who did what, what was refused and why, and the terminals to play again.
It loads nothing from anywhere. ${PATH_HELP}

  --out FILE     where (duty-gate-report.html)
  --keys FILE    issuers' keys from outside the bundle, as for verify
  --allow-local  exit 0 for sealed evidence of issuer "local", as for verify
  --help         this text

Exit code: as of verify, the report being written all the same; 2 usage.
`;
async function reportCommand(args, io) {
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
  try {
    return await report(found.bundle, { ...options, keys }, io);
  } catch (cause) {
    if (cause instanceof ReportFault && cause.code !== "bundle-changed") return usage(io, cause.message);
    io.stderr.write(`Cannot make the report: ${printable(cause instanceof Error ? cause.message : String(cause))}
`);
    return EXIT_FAILED;
  }
}
function readOptions(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: "string", default: "duty-gate-report.html" },
        keys: { type: "string" },
        "allow-local": { type: "boolean" },
        help: { type: "boolean", short: "h" }
      }
    });
    const [path = "", ...more] = positionals;
    const help = values.help === true;
    if (!help && (path === "" || more.length > 0)) return `Cannot make a report: ${positionals.length} paths given, expected one`;
    return { path, out: values.out, keys: values.keys ?? null, allowLocal: values["allow-local"] === true, help };
  } catch (cause) {
    return cause instanceof Error ? cause.message : "Cannot read the options";
  }
}
async function report(bundle, { out, keys, allowLocal }, io) {
  const path = outPath(bundle, out);
  const opened = await openBundle(bundle);
  let verification;
  try {
    verification = await verifyBundle(opened, { keys });
    await writeReportOf(opened, path, verification);
  } finally {
    opened.close();
  }
  io.stdout.write(`${printable(path)}: ${verification.verdict}, ${verification.anchoring}
`);
  return exitCodeOf(verification, allowLocal);
}
function usage(io, why) {
  io.stderr.write(`${printable(why)}

${HELP}`);
  return EXIT_USAGE;
}
export {
  reportCommand
};
