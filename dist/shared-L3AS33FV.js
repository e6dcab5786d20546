import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-SZFI3X6W.js";
import "./shared-TSYTZJFL.js";
import "./shared-2OMWI2P7.js";
import "./shared-23CXRTAA.js";
import "./shared-TVPVZAO6.js";
import "./shared-NCC3M2NX.js";
import "./shared-45OH65BV.js";
import "./shared-ZTYEZK3O.js";
import "./shared-EOJT7FR2.js";
import "./shared-HYIRLAVS.js";
import "./shared-TLYYCFM6.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
