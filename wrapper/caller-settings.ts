import { readFileSync } from 'node:fs';
import type { CageSettings } from './cage-files.ts';
import { limitWords } from './limits.ts';
import { WrapError } from './wrap-error.ts';

/** What a command inherits of its caller: who it is, its umask, its limits. */
export type CallerSettings = Pick<CageSettings, 'uid' | 'gid' | 'umask' | 'limits'>;

/** @throws WrapError `set-up` where there are no user ids. */
export function callerSettings<T extends object>(more: T): CallerSettings & T {
  return { ...more, uid: ownId(process.getuid), gid: ownId(process.getgid), umask: process.umask(), limits: callerLimits() };
}

function callerLimits(): readonly string[] {
  const read = (pid: string): string | null => {
    try {
      return readFileSync(`/proc/${pid}/limits`, 'utf8');
    } catch {
      return null;
    }
  };
  return limitWords(read('self') ?? '', read(String(process.ppid)));
}

/** @throws WrapError `set-up` where there are none. */
export function ownId(get: (() => number) | undefined): number {
  if (get === undefined) throw new WrapError('set-up', 'Cannot make a cage: this system has no user ids, expected Linux');
  return get();
}
