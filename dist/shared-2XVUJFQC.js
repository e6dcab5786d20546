import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  TOOL_FOLDERS
} from "./shared-XY3COEPW.js";

// wrapper/bare-cage.ts
function bareCage(of) {
  const files = { writable: [], layered: [], layersFolder: null, protected: [] };
  return { launchers: [], workspace: null, ...of, hide: [], binds: [], aliases: [], files, toolFolders: TOOL_FOLDERS };
}

export {
  bareCage
};
