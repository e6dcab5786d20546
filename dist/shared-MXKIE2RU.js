import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-53EMYIBL.js";
import "./shared-HPEEVPJN.js";
import "./shared-XZSPK3SP.js";
import "./shared-Y567GZR4.js";
import "./shared-E2FSSKCA.js";
import "./shared-CKOO3FEM.js";
import "./shared-ZTYEZK3O.js";
import "./shared-E3FCRIIO.js";
import "./shared-PSFWEQ5L.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
