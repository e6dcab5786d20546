import { userInfo } from 'node:os';

/** Who runs this process, as the operating system has it; no environment variable has a say. */
export function localUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // A uid that no user database names, as in many containers.
    return `uid:${process.getuid?.() ?? 'unknown'}`;
  }
}
