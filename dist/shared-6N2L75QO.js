import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;

// wrapper/remove-as-root.ts
import { spawnSync } from "node:child_process";
var MS_MAX = 5e3;
function removeAsRoot({ sudo, rm }, paths) {
  if (sudo !== null) spawnSync(sudo, ["-n", "--", rm, "-rf", "--", ...paths], { cwd: "/", env: {}, stdio: "ignore", timeout: MS_MAX });
}

export {
  removeAsRoot
};
