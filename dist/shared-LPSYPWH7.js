import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-JE7LN4Y4.js";
import "./shared-TSYTZJFL.js";
import "./shared-RWSLSG7S.js";
import "./shared-YC64UZ7O.js";
import "./shared-ABK26V2J.js";
import "./shared-NCC3M2NX.js";
import "./shared-ZTYEZK3O.js";
import "./shared-45OH65BV.js";
import "./shared-MPKII5N3.js";
import "./shared-HYIRLAVS.js";
import "./shared-TLYYCFM6.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
