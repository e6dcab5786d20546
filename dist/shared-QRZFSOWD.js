import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-BVR3PLNF.js";
import "./shared-TSYTZJFL.js";
import "./shared-OYMXKNW6.js";
import "./shared-D66MZHKV.js";
import "./shared-33FFW6FV.js";
import "./shared-QC5WOYB7.js";
import "./shared-ZTYEZK3O.js";
import "./shared-45OH65BV.js";
import "./shared-BNUNJ5EM.js";
import "./shared-VHWCL7LM.js";
import "./shared-ILX7M7WX.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
