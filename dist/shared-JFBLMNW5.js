import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-KKBIQ4FH.js";
import "./shared-TSYTZJFL.js";
import "./shared-SR3DLI3E.js";
import "./shared-LWZO63KV.js";
import "./shared-FKHY7UKL.js";
import "./shared-NCC3M2NX.js";
import "./shared-45OH65BV.js";
import "./shared-ZTYEZK3O.js";
import "./shared-AK5U2SAE.js";
import "./shared-HYIRLAVS.js";
import "./shared-TLYYCFM6.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
