import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  context,
  getOctokit
} from "./shared-MW7KFICA.js";
import "./shared-NUVNP3KA.js";
import "./shared-YTA7IQYF.js";
import "./shared-7VOT6GHQ.js";
export {
  context,
  getOctokit
};
