import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport
} from "./shared-MX7SCZC5.js";
import "./shared-QS3JVGX7.js";
import "./shared-LSAITPOP.js";
import "./shared-3QIPNHWR.js";
import "./shared-DO3Y22EE.js";
import "./shared-DBOSDKD3.js";
import "./shared-3DBFPAHH.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport
};
