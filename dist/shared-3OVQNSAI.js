import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-XNFW7SVJ.js";
import "./shared-PMR7ZHAQ.js";
import "./shared-TSYTZJFL.js";
import "./shared-VBDUAGZA.js";
import "./shared-33G7XI2G.js";
import "./shared-VXLA3JHL.js";
import "./shared-45OH65BV.js";
import "./shared-SRWRGWQG.js";
import "./shared-ZTYEZK3O.js";
import "./shared-ICF2F4II.js";
import "./shared-2T7SPHVJ.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
