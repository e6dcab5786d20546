import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  KEYS_FILE_BYTES_MAX,
  withKeysFile
} from "./shared-4ZZSA6HO.js";
import {
  BUNDLE_MEMBERS_MAX,
  openBundleFolder
} from "./shared-33G7XI2G.js";
import {
  AUDIT_FILE,
  MANIFEST_FILE,
  SIGNATURE_FILE
} from "./shared-SRWRGWQG.js";

// src/cli/bundle-path.ts
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

// src/adapters/files/bundle-archive.ts
import { closeSync, constants, fstatSync as fstatSync2, openSync, readSync as readSync3 } from "node:fs";

// src/adapters/files/archive-content.ts
import { readSync as readSync2 } from "node:fs";
import { Readable } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";

// src/adapters/files/archive-bytes.ts
import { readSync } from "node:fs";

// src/adapters/files/archive-fault.ts
var ArchiveFault = class extends Error {
  name = "ArchiveFault";
  code;
  constructor(code, message, options) {
    super(message, options);
    this.code = code;
  }
};

// src/adapters/files/archive-bytes.ts
function readAt(fd, position, bytes) {
  const buffer = Buffer.alloc(bytes);
  let done = 0;
  while (done < bytes) {
    const read = position < 0 ? 0 : readSync(fd, buffer, done, bytes - done, position + done);
    if (read === 0)
      throw new ArchiveFault("malformed", `Cannot read the archive: it has no ${bytes} bytes at ${position}, expected a record there`);
    done += read;
  }
  return buffer;
}
function readU64(bytes, offset) {
  const value = bytes.readBigUInt64LE(offset);
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  throw new ArchiveFault("malformed", `Cannot read the archive: a size in it is ${value}, expected less than 2^53`);
}

// src/adapters/files/archive-extra.ts
var ZIP64 = 1;
var MARK32 = 4294967295;
var HARMLESS = /* @__PURE__ */ new Set([10, 21589, 22613, 30805, 30837]);
function resolveSizes(name, extra, sizes) {
  const large = readFields(name, extra).get(ZIP64);
  const marked = sizes.filter((size) => size === MARK32).length;
  if ((large?.length ?? 0) !== 8 * marked || large !== void 0 && marked === 0)
    throw new ArchiveFault(
      "ambiguous",
      `Cannot read the archive: ${name} has ${large?.length ?? "no"} bytes of large sizes, expected ${marked} sizes`
    );
  let next = 0;
  return sizes.map((size) => size === MARK32 && large !== void 0 ? readU64(large, 8 * next++) : size);
}
function readFields(name, extra) {
  const fields = /* @__PURE__ */ new Map();
  for (let at = 0; at < extra.length; ) {
    const end = at + 4 <= extra.length ? at + 4 + extra.readUInt16LE(at + 2) : Number.POSITIVE_INFINITY;
    if (end > extra.length)
      throw new ArchiveFault("malformed", `Cannot read the archive: an extra field of ${name} is cut off, expected it whole`);
    const id = extra.readUInt16LE(at);
    if (fields.has(id) || id !== ZIP64 && !HARMLESS.has(id))
      throw new ArchiveFault(
        "ambiguous",
        `Cannot read the archive: ${name} has the extra field 0x${id.toString(16)}${fields.has(id) ? " twice" : ""}, expected sizes, times and owners, each once`
      );
    fields.set(id, extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

// src/adapters/files/archive-directory.ts
var STORED = 0;
var DEFLATED = 8;
var STREAMED = 8;
var FLAGS = 2 | 4 | STREAMED | 2048;
var SIGNATURE = 33639248;
var HEADER_BYTES = 46;
var NAME_BYTES_MAX = 256;
var PARTS_MAX = 8;
var EXTRA_BYTES_MAX = 1024;
function readDirectory(fd, { directoryStart, directoryBytes, entries }) {
  if (entries > BUNDLE_MEMBERS_MAX)
    throw new ArchiveFault("too-many", `Cannot read the archive: it has ${entries} members, expected at most ${BUNDLE_MEMBERS_MAX}`);
  const found = [];
  const end = directoryStart + directoryBytes;
  let at = directoryStart;
  while (found.length < entries) {
    if (at + HEADER_BYTES > end) throw otherLength(entries);
    const header = readAt(fd, at, HEADER_BYTES);
    const [nameBytes, extraBytes] = [header.readUInt16LE(28), header.readUInt16LE(30)];
    requireHeader(header, nameBytes, extraBytes);
    at += HEADER_BYTES + nameBytes + extraBytes;
    const rest = readAt(fd, at - nameBytes - extraBytes, nameBytes + extraBytes);
    found.push(readEntry(header, rest.subarray(0, nameBytes), rest.subarray(nameBytes)));
  }
  if (at !== end) throw otherLength(entries);
  return found;
}
function otherLength(entries) {
  return new ArchiveFault("ambiguous", `Cannot read the archive: its directory has another length, expected that of ${entries} entries`);
}
function requireHeader(header, nameBytes, extraBytes) {
  if (header.readUInt32LE(0) !== SIGNATURE)
    throw new ArchiveFault("malformed", "Cannot read the archive: its directory has something else in it, expected entries only");
  if (nameBytes > NAME_BYTES_MAX)
    throw new ArchiveFault("misnamed", `Cannot read the archive: a name in it has ${nameBytes} bytes, expected at most ${NAME_BYTES_MAX}`);
  if (extraBytes > EXTRA_BYTES_MAX || header.readUInt16LE(32) !== 0)
    throw new ArchiveFault(
      "ambiguous",
      `Cannot read the archive: an entry has a comment or ${extraBytes} bytes of extra fields, expected none and at most ${EXTRA_BYTES_MAX}`
    );
}
function readEntry(header, rawName, extra) {
  const name = parseName(rawName);
  const [flags, method] = [header.readUInt16LE(8), header.readUInt16LE(10)];
  if ((flags & ~FLAGS) !== 0 || method !== STORED && method !== DEFLATED || header.readUInt16LE(34) !== 0)
    throw new ArchiveFault(
      "unsupported",
      `Cannot read the archive: ${name} has method ${method}, flags ${flags}, disk ${header.readUInt16LE(34)}, expected stored or deflated, not encrypted, on this disk`
    );
  const sizes = [header.readUInt32LE(24), header.readUInt32LE(20), header.readUInt32LE(42)];
  const [bytes = 0, compressed = 0, offset = 0] = resolveSizes(name, extra, sizes);
  if (method === STORED && compressed !== bytes)
    throw new ArchiveFault("ambiguous", `Cannot read the archive: ${name} is stored and has ${compressed} bytes, expected ${bytes}`);
  const kind = kindOf(name, header.readUInt32LE(38), bytes);
  return { name, kind, bytes, compressed, method, flags, crc: header.readUInt32LE(16), offset };
}
var EXACT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\/?$/;
function parseName(raw) {
  const name = raw.toString("latin1");
  if (EXACT.test(name) && name.split("/").length <= PARTS_MAX) return name;
  throw new ArchiveFault("misnamed", `Cannot read the archive: the name ${shown(name)} is in it, expected a path as a bundle has them`);
}
function shown(name) {
  return JSON.stringify(name).replace(/[^ -~]/g, "?");
}
var [FILE_TYPE, REGULAR, FOLDER] = [61440, 32768, 16384];
var DOS_NO_FILE = 8 | 16;
function kindOf(name, external, bytes) {
  const type = external >>> 16 & FILE_TYPE;
  if (name.endsWith("/")) return (type === 0 || type === FOLDER) && bytes === 0 ? "folder" : "other";
  return (type === 0 || type === REGULAR) && (external & DOS_NO_FILE) === 0 ? "file" : "other";
}

// src/adapters/files/archive-content.ts
var PIECE_BYTES = 256 * 1024;
async function* readStored(fd, stored, wanted) {
  let read = 0;
  let sum = 0;
  try {
    for await (const piece of stored.method === STORED ? pieces(fd, stored) : inflated(fd, stored)) {
      if (read + piece.length > stored.bytes) throw unlike(stored, `more than ${stored.bytes} bytes`);
      sum = crc32(piece, sum);
      const part = piece.subarray(0, Math.max(wanted - read, 0));
      read += piece.length;
      if (part.length > 0) yield part;
      if (read >= wanted && wanted < stored.bytes) return;
    }
  } catch (cause) {
    throw cause instanceof ArchiveFault ? cause : unlike(stored, "what cannot be unpacked", { cause });
  }
  if (read !== stored.bytes) throw unlike(stored, `${read} bytes`);
  if (sum !== stored.crc) throw unlike(stored, "another checksum");
}
function unlike({ name, bytes }, found, options) {
  return new ArchiveFault("content", `Cannot read ${name}: it has ${found}, expected the ${bytes} bytes that the archive says`, options);
}
function* pieces(fd, { start, compressed }) {
  for (let done = 0; done < compressed; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, compressed - done));
    const read = readSync2(fd, piece, 0, piece.length, start + done);
    if (read === 0) return;
    done += read;
    yield piece.subarray(0, read);
  }
}
async function* inflated(fd, stored) {
  const inflate = createInflateRaw({ chunkSize: PIECE_BYTES });
  const source = Readable.from(pieces(fd, stored), { objectMode: false, highWaterMark: PIECE_BYTES });
  source.on("error", (cause) => inflate.destroy(cause));
  source.pipe(inflate);
  try {
    for await (const piece of inflate) yield piece;
    if (inflate.bytesWritten !== stored.compressed) throw unlike(stored, "something behind its data");
  } finally {
    source.destroy();
    inflate.destroy();
  }
}

// src/adapters/files/archive-end.ts
import { fstatSync } from "node:fs";
var [END, END64, LOCATOR64] = [101010256, 101075792, 117853008];
var [END_BYTES, END64_BYTES, LOCATOR_BYTES] = [22, 56, 20];
var [MARK16, MARK322] = [65535, 4294967295];
function readEnd(fd) {
  const { size } = fstatSync(fd);
  const record = size < END_BYTES ? Buffer.alloc(END_BYTES) : readAt(fd, size - END_BYTES, END_BYTES);
  if (record.readUInt32LE(0) !== END || record.readUInt16LE(20) !== 0)
    throw new ArchiveFault(
      "not-an-archive",
      "Cannot read the archive: it does not end as a zip file does, expected its end record last, without a comment"
    );
  if (record.readUInt32LE(4) !== 0) throw severalDisks();
  const small = {
    directoryStart: record.readUInt32LE(16),
    directoryBytes: record.readUInt32LE(12),
    entries: record.readUInt16LE(10),
    at: size - END_BYTES
  };
  if (record.readUInt16LE(8) !== small.entries) throw severalDisks();
  const { at, ...end } = readEnd64(fd, small) ?? small;
  if (end.directoryStart + end.directoryBytes !== at)
    throw new ArchiveFault(
      "ambiguous",
      `Cannot read the archive: its directory ends at ${end.directoryStart + end.directoryBytes}, expected ${at}, where its end record is`
    );
  return end;
}
function readEnd64(fd, small) {
  const isMarked = small.entries === MARK16 || small.directoryBytes === MARK322 || small.directoryStart === MARK322;
  const at = small.at - LOCATOR_BYTES - END64_BYTES;
  const locator = small.at < LOCATOR_BYTES ? null : readAt(fd, small.at - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator === null || locator.readUInt32LE(0) !== LOCATOR64) {
    if (isMarked) throw misplaced();
    return null;
  }
  if (at < 0 || readU64(locator, 8) !== at) throw misplaced();
  const record = readAt(fd, at, END64_BYTES);
  if (record.readUInt32LE(0) !== END64 || readU64(record, 4) !== END64_BYTES - 12) throw misplaced();
  const disks = [locator.readUInt32LE(4), record.readUInt32LE(16), record.readUInt32LE(20)];
  const end = { directoryStart: readU64(record, 48), directoryBytes: readU64(record, 40), entries: readU64(record, 32), at };
  if (disks.some((disk) => disk !== 0) || locator.readUInt32LE(16) > 1 || readU64(record, 24) !== end.entries) throw severalDisks();
  const isSame = isMarkOr(small.entries, MARK16, end.entries) && isMarkOr(small.directoryBytes, MARK322, end.directoryBytes) && isMarkOr(small.directoryStart, MARK322, end.directoryStart);
  if (!isSame) throw new ArchiveFault("ambiguous", "Cannot read the archive: its two end records differ, expected them to say the same");
  return end;
}
var isMarkOr = (value, mark, exact) => value === mark || value === exact;
function misplaced() {
  return new ArchiveFault("malformed", "Cannot read the archive: its zip64 end record is not where it should be, expected it last but two");
}
function severalDisks() {
  return new ArchiveFault("unsupported", "Cannot read the archive: it is one of several disks, expected a whole one");
}

// src/adapters/files/archive-names.ts
function requireDistinct(entries) {
  const claims = /* @__PURE__ */ new Map();
  for (const { name } of entries) {
    const isFolder = name.endsWith("/");
    const parts = (isFolder ? name.slice(0, -1) : name).split("/");
    parts.forEach((_, index) => {
      const isLast = index === parts.length - 1;
      claim(claims, { path: parts.slice(0, index + 1).join("/"), as: !isLast ? "way" : isFolder ? "folder" : "member" });
    });
  }
}
function claim(claims, wanted) {
  const key = wanted.path.toLowerCase();
  const held = claims.get(key);
  const isFree = held === void 0 || held.path === wanted.path && held.as !== "member" && (wanted.as === "way" || wanted.as === "folder" && held.as === "way");
  if (!isFree)
    throw new ArchiveFault(
      "ambiguous",
      `Cannot read the archive: it has ${held.path} and ${wanted.path}, expected each path to be one thing`
    );
  if (held === void 0 || wanted.as === "folder") claims.set(key, wanted);
}

// src/adapters/files/archive-places.ts
var SIGNATURE2 = 67324752;
var HEADER_BYTES2 = 30;
var DESCRIPTOR = 134695760;
function locate(fd, entries, directoryStart) {
  const sorted = [...entries].sort((a, b) => a.offset - b.offset);
  const starts = /* @__PURE__ */ new Map();
  if ((sorted[0]?.offset ?? directoryStart) !== 0)
    throw new ArchiveFault("hidden", "Cannot read the archive: it has something before its first file, expected it at 0");
  const last = sorted.at(-1);
  if (last !== void 0 && last.offset >= directoryStart)
    throw new ArchiveFault("overlap", `Cannot read the archive: ${last.name} is at ${last.offset}, expected it before the directory`);
  sorted.forEach((entry, index) => {
    const until = sorted[index + 1]?.offset ?? directoryStart;
    const start = dataStart(fd, entry);
    const rest = until - start - entry.compressed;
    if (rest < 0)
      throw new ArchiveFault("overlap", `Cannot read the archive: ${entry.name} reaches ${-rest} bytes into what follows, expected none`);
    requireRest(fd, entry, until - rest, rest);
    starts.set(entry, start);
  });
  return starts;
}
function dataStart(fd, entry) {
  const { offset, name } = entry;
  const header = readAt(fd, offset, HEADER_BYTES2);
  if (header.readUInt32LE(0) !== SIGNATURE2)
    throw new ArchiveFault("malformed", `Cannot read the archive: ${name} is not at ${offset}, expected its header there`);
  const [nameBytes, extraBytes] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const start = offset + HEADER_BYTES2 + nameBytes + extraBytes;
  const rest = readAt(fd, offset + HEADER_BYTES2, nameBytes + extraBytes);
  const found = { name: rest.subarray(0, nameBytes).toString("latin1"), flags: header.readUInt16LE(6), method: header.readUInt16LE(8) };
  const isSame = found.name === name && found.flags === entry.flags && found.method === entry.method;
  if (!isSame || !hasSizes(entry, header, rest.subarray(nameBytes)))
    throw new ArchiveFault(
      "ambiguous",
      `Cannot read the archive: ${name} says of itself something else than the directory, expected the same`
    );
  return start;
}
function hasSizes(entry, header, extra) {
  const sizes = resolveSizes(entry.name, extra, [header.readUInt32LE(22), header.readUInt32LE(18)]);
  const isStreamed = (entry.flags & STREAMED) !== 0;
  const expected = [entry.bytes, entry.compressed, entry.crc];
  return [...sizes, header.readUInt32LE(14)].every((value, index) => value === expected[index] || isStreamed && value === 0);
}
function requireRest(fd, entry, at, rest) {
  const { name, flags } = entry;
  if ((flags & STREAMED) === 0) {
    if (rest === 0) return;
    throw new ArchiveFault("hidden", `Cannot read the archive: ${rest} bytes behind ${name} belong to nothing, expected none`);
  }
  if (rest !== 12 && rest !== 16 && rest !== 20 && rest !== 24)
    throw new ArchiveFault("hidden", `Cannot read the archive: ${rest} bytes are behind ${name}, expected its checksum and sizes`);
  const found = readAt(fd, at, rest);
  const isSigned = rest % 8 === 0;
  const isLarge = rest >= 20;
  const record = isSigned ? found.subarray(4) : found;
  const sizes = isLarge ? [readU64(record, 4), readU64(record, 12)] : [record.readUInt32LE(4), record.readUInt32LE(8)];
  const isSame = record.readUInt32LE(0) === entry.crc && sizes[0] === entry.compressed && sizes[1] === entry.bytes;
  if (!isSame || isSigned && found.readUInt32LE(0) !== DESCRIPTOR)
    throw new ArchiveFault(
      "ambiguous",
      `Cannot read the archive: what is behind ${name} is not what the directory says, expected the same`
    );
}

// src/adapters/files/bundle-archive.ts
var { O_NONBLOCK, O_RDONLY } = constants;
var BEGINNINGS = [67324752, 101010256];
function isArchive(path) {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    const head = Buffer.alloc(4);
    return fstatSync2(fd).isFile() && readSync3(fd, head, 0, 4, 0) === 4 && BEGINNINGS.includes(head.readUInt32LE(0));
  } finally {
    closeSync(fd);
  }
}
async function openBundleArchive(path) {
  const fd = openFile(path);
  try {
    const { members, files } = inOneFolder(list(fd));
    return {
      members: async () => members,
      read(name, bytes) {
        const stored = files.get(name);
        if (stored === void 0) throw new ArchiveFault("missing", `Cannot read ${name}: the archive has no such file, expected one`);
        return readStored(fd, stored, bytes);
      },
      close: () => closeSync(fd)
    };
  } catch (cause) {
    closeSync(fd);
    throw cause instanceof ArchiveFault ? cause : unreadable(cause);
  }
}
function openFile(path) {
  let fd;
  try {
    fd = openSync(path, O_RDONLY | O_NONBLOCK);
  } catch (cause) {
    throw unreadable(cause);
  }
  if (fstatSync2(fd).isFile()) return fd;
  closeSync(fd);
  throw new ArchiveFault("unreadable", "Cannot read the archive: it is a folder or a special file, expected a regular file");
}
function unreadable(cause) {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
  return new ArchiveFault("unreadable", `Cannot read the archive: ${code}, expected a file that can be read`, { cause });
}
function list(fd) {
  const end = readEnd(fd);
  const entries = readDirectory(fd, end);
  requireDistinct(entries);
  const starts = locate(fd, entries, end.directoryStart);
  const files = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    const start = starts.get(entry);
    if (entry.kind === "file" && start !== void 0) files.set(entry.name, { ...entry, start });
  }
  return { members: entries.map(({ name, kind, bytes }) => ({ path: name.replace(/\/$/, ""), kind, bytes })), files };
}
function inOneFolder({ members, files }) {
  const [first = ""] = (members[0]?.path ?? "").split("/");
  const folder = `${first}/`;
  const isOne = members.length > 0 && members.every(({ path, kind }) => path.startsWith(folder) || path === first && kind === "folder");
  if (!isOne || first === "recordings") return { members, files };
  return {
    members: members.filter(({ path }) => path !== first).map((member) => ({ ...member, path: member.path.slice(folder.length) })),
    files: new Map([...files].map(([path, stored]) => [path.slice(folder.length), stored]))
  };
}

// src/cli/bundle-path.ts
var PATH_HELP = `PATH is the session's folder, a folder that holds exactly one, or the zip file that GitHub gives for the artifact.`;
function findBundle(path) {
  try {
    if (statSync(path).isFile())
      return isArchive(path) ? { bundle: path } : { why: `Cannot use ${path}: it is no zip file, expected a bundle` };
    if (isBundle(path)) return { bundle: path };
    const inside = readdirSync(path).filter((name) => isBundle(join(path, name)));
    const [only] = inside;
    if (only !== void 0 && inside.length === 1) return { bundle: join(path, only) };
    return { why: `Cannot find a bundle in ${path}: it holds ${inside.length}, expected one` };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "failed";
    return { why: `Cannot read ${path}: ${code}, expected the folder of a bundle` };
  }
}
async function openBundle(path) {
  return statSync(path).isFile() ? openBundleArchive(path) : openBundleFolder(path);
}
function isBundle(path) {
  return [AUDIT_FILE, MANIFEST_FILE, SIGNATURE_FILE].some((name) => existsSync(join(path, name)));
}

// src/cli/keys-file.ts
import { closeSync as closeSync2, constants as constants2, fstatSync as fstatSync3, openSync as openSync2, readSync as readSync4 } from "node:fs";
function readKeysFile(path) {
  const bytes = readFile(path);
  if (typeof bytes === "string") return { why: `Cannot read the keys ${path}: ${bytes}` };
  const keys = withKeysFile(bytes.toString("utf8"));
  return typeof keys === "string" ? { why: `Cannot use the keys ${path}: ${keys}` } : keys;
}
function readFile(path) {
  try {
    const fd = openSync2(path, constants2.O_RDONLY | constants2.O_NONBLOCK | constants2.O_NOCTTY);
    try {
      if (!fstatSync3(fd).isFile()) return "it is no file";
      const buffer = Buffer.alloc(KEYS_FILE_BYTES_MAX + 1);
      let bytes = 0;
      for (let read = -1; read !== 0 && bytes < buffer.length; bytes += read)
        read = readSync4(fd, buffer, bytes, buffer.length - bytes, null);
      return bytes > KEYS_FILE_BYTES_MAX ? `it is too large, expected at most ${KEYS_FILE_BYTES_MAX} bytes` : buffer.subarray(0, bytes);
    } finally {
      closeSync2(fd);
    }
  } catch (cause) {
    return cause instanceof Error && "code" in cause ? String(cause.code) : "unknown fault";
  }
}

export {
  PATH_HELP,
  findBundle,
  openBundle,
  readKeysFile
};
