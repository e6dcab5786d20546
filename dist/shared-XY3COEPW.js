import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// wrapper/wrap-error.ts
var WrapError = class extends Error {
  code;
  constructor(code, message, options) {
    super(message, options);
    this.name = "WrapError";
    this.code = code;
  }
};
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

// wrapper/tools.ts
import { accessSync, constants, statSync } from "node:fs";
import { join } from "node:path";
var TOOL_FOLDERS = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];
var PACKAGES = {
  bash: "bash",
  chmod: "coreutils",
  cp: "coreutils",
  env: "coreutils",
  ip: "iproute2",
  mkdir: "coreutils",
  mkfifo: "coreutils",
  mount: "mount",
  rm: "coreutils",
  setpriv: "util-linux",
  true: "coreutils",
  unshare: "util-linux"
};
function findTools(folders) {
  const find = (name) => folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
  const names = Object.keys(PACKAGES);
  const found = names.map((name) => ({ name, path: find(name) }));
  const missing = found.filter(({ path }) => path === null).map(({ name }) => `${name} (Debian package ${PACKAGES[name]})`);
  if (missing.length > 0) {
    throw new WrapError("tool-missing", `Cannot make a cage: ${missing.join(", ")} not in ${folders.join(":")}, expected installed`);
  }
  const paths = Object.fromEntries(found.map(({ name, path }) => [name, path ?? ""]));
  return { ...paths, sudo: find("sudo") };
}
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export {
  WrapError,
  messageOf,
  TOOL_FOLDERS,
  findTools
};
