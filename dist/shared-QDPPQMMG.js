import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_BYTES_MAX,
  writeReport
} from "./shared-LW7EXOVK.js";
import "./shared-A72FYN76.js";
import "./shared-C3XQDRQO.js";
import "./shared-3DBFPAHH.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_BYTES_MAX,
  writeReport
};
