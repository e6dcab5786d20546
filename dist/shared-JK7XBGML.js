import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  BUNDLE_FILES_MAX,
  auditFileNumber
} from "./shared-3WWUVZ33.js";
import {
  startSha256
} from "./shared-E2UDORM6.js";

// src/adapters/files/bundle-folder.ts
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";

// src/core/verify/bundle-reader.ts
var BUNDLE_MEMBERS_MAX = 3 * BUNDLE_FILES_MAX;
async function readThrough(reader, { path, bytes }, take) {
  const sha256 = startSha256();
  let read = 0;
  for await (const piece of reader.read(path, bytes)) {
    sha256.update(piece);
    read += piece.length;
    const busy = take(piece);
    if (busy !== void 0) await busy;
  }
  return { path, bytes: read, sha256: sha256.hex() };
}
async function readWhole(reader, member) {
  const pieces = [];
  const digest = await readThrough(reader, member, (piece) => void pieces.push(Uint8Array.from(piece)));
  return { digest, content: Buffer.concat(pieces) };
}

// src/adapters/files/bundle-folder.ts
var { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
var READ_BYTES = 1024 * 1024;
var DEPTH_MAX = 4;
function openBundleFolder(path) {
  const fd = openSync(path, O_RDONLY | O_DIRECTORY);
  const root = `/proc/self/fd/${fd}`;
  return {
    members: async () => list(root),
    read: (member, bytes) => readFile(`${root}/${member}`, bytes),
    close: () => closeSync(fd)
  };
}
function list(root) {
  const members = [];
  const visit = (below, depth) => {
    for (const name of readdirSync(`${root}/${below}`).sort()) {
      if (members.length > BUNDLE_MEMBERS_MAX) return;
      const member = describe(root, below === "" ? name : `${below}/${name}`);
      members.push(member);
      if (member.kind === "folder" && depth < DEPTH_MAX) visit(member.path, depth + 1);
    }
  };
  visit("", 1);
  return members;
}
function describe(root, path) {
  const stat = lstatSync(`${root}/${path}`);
  return { path, kind: stat.isFile() ? "file" : stat.isDirectory() ? "folder" : "other", bytes: stat.isFile() ? stat.size : 0 };
}
async function* readFile(path, bytes) {
  const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) throw new Error("Cannot read a file of the bundle: it became something else, expected a regular file");
    const piece = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(bytes, 1)));
    for (let left = bytes; left > 0; ) {
      const read = readSync(fd, piece, 0, Math.min(piece.length, left), null);
      if (read === 0) return;
      left -= read;
      yield piece.subarray(0, read);
    }
  } finally {
    closeSync(fd);
  }
}

// src/core/verify/lines.ts
var LineSplitter = class {
  #bytesMax;
  #line;
  #held = [];
  #heldBytes = 0;
  /** `line` gets each line without its LF; its bytes are only good during the call. */
  constructor(bytesMax, line) {
    this.#bytesMax = bytesMax;
    this.#line = line;
  }
  /** False once a line is longer than the maximum: nothing more is taken. */
  push(piece) {
    let rest = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      if (this.#heldBytes + end > this.#bytesMax) return false;
      this.#line(this.#heldBytes === 0 ? rest.subarray(0, end) : Buffer.concat([...this.#held, rest.subarray(0, end)]));
      this.#held = [];
      this.#heldBytes = 0;
      rest = rest.subarray(end + 1);
    }
    if (this.#heldBytes + rest.length > this.#bytesMax) return false;
    if (rest.length > 0) this.#held.push(Buffer.from(rest));
    this.#heldBytes += rest.length;
    return true;
  }
  /** Bytes after the last LF. */
  get tornBytes() {
    return this.#heldBytes;
  }
};
var LF = 10;

// src/core/verify/audit-pieces.ts
function auditFiles(members) {
  return [...members].filter(({ kind, path }) => kind === "file" && auditFileNumber(path) !== null).sort((a, b) => (auditFileNumber(a.path) ?? 0) - (auditFileNumber(b.path) ?? 0));
}
async function* auditPieces(reader, members) {
  for (const { path, bytes } of auditFiles(members)) yield* reader.read(path, bytes);
}

export {
  BUNDLE_MEMBERS_MAX,
  readThrough,
  readWhole,
  openBundleFolder,
  LineSplitter,
  auditFiles,
  auditPieces
};
