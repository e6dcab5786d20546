import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  BUNDLE_FILES_MAX
} from "./shared-SRWRGWQG.js";
import {
  startSha256
} from "./shared-ICF2F4II.js";

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

export {
  BUNDLE_MEMBERS_MAX,
  readThrough,
  readWhole,
  openBundleFolder
};
