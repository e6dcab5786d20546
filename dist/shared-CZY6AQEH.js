import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-VZPK42XM.js";
import "./shared-TSYTZJFL.js";
import "./shared-KZY3WLEH.js";
import "./shared-JIEIKFS3.js";
import "./shared-GIPVR7WG.js";
import "./shared-NCC3M2NX.js";
import "./shared-45OH65BV.js";
import "./shared-ZTYEZK3O.js";
import "./shared-YSM5XH72.js";
import "./shared-HYIRLAVS.js";
import "./shared-TLYYCFM6.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
