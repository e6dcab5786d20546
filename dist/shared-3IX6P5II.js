import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-6BK4RFGB.js";
import "./shared-Q4UGTOZN.js";
import "./shared-TSYTZJFL.js";
import "./shared-PFH6M4MH.js";
import "./shared-XG33YKDC.js";
import "./shared-VXLA3JHL.js";
import "./shared-45OH65BV.js";
import "./shared-RSZWWSBW.js";
import "./shared-ZTYEZK3O.js";
import "./shared-ICF2F4II.js";
import "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
