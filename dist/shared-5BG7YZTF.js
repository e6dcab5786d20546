import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  array,
  discriminatedUnion,
  int,
  literal,
  record,
  strictObject,
  string,
  union,
  url
} from "./shared-2T7SPHVJ.js";

// src/control/bootstrap.ts
var BOOTSTRAP_BYTES_MAX = 4 * 1024 * 1024;
var AbsolutePath = string().max(4096).regex(/^\/[^\0]*$/);
var PLACES = {
  /** Bundles are made in here, a folder for each session. */
  evidenceFolder: AbsolutePath,
  /** Exists already, mode 0700: `control.sock` is made in it. */
  socketFolder: AbsolutePath
};
var LocalBootstrap = strictObject({
  issuer: literal("local"),
  policyPath: AbsolutePath,
  /** A YAML map of names to values that only its owner may read; null where no target needs one. */
  secretsPath: AbsolutePath.nullable(),
  ...PLACES
});
var GithubBootstrap = strictObject({
  issuer: literal("github"),
  /** A file of a repository; `ref` null: of its default branch. */
  policy: strictObject({
    repository: string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/),
    path: string().min(1).max(1024),
    ref: string().min(1).max(1024).nullable()
  }),
  api: strictObject({ url: url({ protocol: /^https?$/ }), token: string().min(1).max(65536) }),
  /** The means to mint identity tokens, for commands whose policy lists an audience. */
  identity: strictObject({ url: url({ protocol: /^https?$/ }), token: string().min(1).max(65536) }),
  secrets: record(string(), string()),
  ...PLACES
});
var Bootstrap = discriminatedUnion("issuer", [LocalBootstrap, GithubBootstrap]);
var Problem = strictObject({ line: int(), column: int(), message: string() });
var BootstrapAnswer = union([
  strictObject({ ready: literal(true), socket: string() }),
  strictObject({ error: strictObject({ code: string(), message: string(), problems: array(Problem).optional() }) })
]);

export {
  BOOTSTRAP_BYTES_MAX,
  Bootstrap,
  BootstrapAnswer
};
