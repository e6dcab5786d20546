import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  readJsonOptions
} from "./shared-M46E2RSV.js";
import {
  EXIT_FAILED,
  EXIT_OK,
  EXIT_USAGE
} from "./shared-KF3IWNFN.js";
import {
  INNER_CONTROLS,
  INNER_CONTROL_PORT,
  Whoami,
  whoamiPage
} from "./shared-BWSIEJ3D.js";
import "./shared-45OH65BV.js";
import "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";

// src/cli/whoami.ts
import { get } from "node:http";
var HELP = `duty-gate whoami [--json]

Inside a command that duty-gate runs: on whose behalf it acts, and what it may do.

  --json  print one JSON object: the chain, the duties, and the chain as the gateway signs it
  --help  this text

Exit code: 0 told, 1 there is no gateway to ask, 2 usage.
`;
var ANSWER_BYTES_MAX = 4 * 1024 * 1024;
var ANSWER_MS_MAX = 5e3;
async function whoamiCommand(args, io, place = { host: INNER_CONTROLS[0], port: INNER_CONTROL_PORT }) {
  const options = readJsonOptions(args);
  if (typeof options === "string") {
    io.stderr.write(`duty-gate whoami: Cannot read the options, expected these

${HELP}`);
    return EXIT_USAGE;
  }
  if (options.help) {
    io.stdout.write(HELP);
    return EXIT_OK;
  }
  const told = await ask(place);
  if (told === null) {
    io.stderr.write("duty-gate whoami: Cannot ask who this is: no gateway answers, expected to be inside duty-gate run\n");
    return EXIT_FAILED;
  }
  io.stdout.write(options.json ? `${JSON.stringify(told)}
` : whoamiPage(told));
  return EXIT_OK;
}
function ask({ host, port }) {
  return new Promise((resolve) => {
    const request = get({ host, port, path: "/whoami", agent: false, signal: AbortSignal.timeout(ANSWER_MS_MAX) }, (response) => {
      const pieces = [];
      let bytes = 0;
      response.on("data", (piece) => {
        bytes += piece.length;
        if (bytes > ANSWER_BYTES_MAX) request.destroy();
        else pieces.push(piece);
      });
      response.on("error", () => resolve(null));
      response.on("end", () => resolve(response.statusCode === 200 ? read(Buffer.concat(pieces)) : null));
    });
    request.on("error", () => resolve(null));
  });
}
function read(bytes) {
  try {
    const parsed = Whoami.safeParse(JSON.parse(bytes.toString("utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
export {
  whoamiCommand
};
