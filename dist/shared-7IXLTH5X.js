import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
} from "./shared-RXDECLLB.js";
import "./shared-KNUKIA6P.js";
import "./shared-UAM3GTMB.js";
import "./shared-JK7XBGML.js";
import "./shared-3WWUVZ33.js";
import "./shared-ZTYEZK3O.js";
import "./shared-E2UDORM6.js";
import "./shared-7VOT6GHQ.js";
export {
  RECORDINGS_CHARACTERS_MAX,
  writeReport,
  writeReportOf
};
