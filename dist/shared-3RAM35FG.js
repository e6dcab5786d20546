import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-FTHFFO24.js";
import "./shared-7HAKZZAQ.js";
import "./shared-L7JVYISE.js";
import "./shared-EIPSDIJF.js";
import "./shared-7LBDC3GE.js";
import "./shared-4DGNSYUR.js";
import "./shared-ZTYEZK3O.js";
import "./shared-6HFAYXKQ.js";
import "./shared-J4Z5X3X3.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
