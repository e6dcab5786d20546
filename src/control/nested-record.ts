import * as z from 'zod';
import { NestedRequest } from '#core/nested/request.ts';
import { CageRequest } from './messages.ts';
import { SavedFile } from './saved-session.ts';

/** All that a supervisor needs to run one command, as the gateway hands it over on its standard input. */
export const NestedRecord = z.strictObject({
  /** With a key and a token that are good for this one command. */
  saved: SavedFile,
  link: z.string(),
  /** The cage of whoever asked. */
  outer: CageRequest.omit({ pid: true }),
  /** What the job's own commands run, as they were started: a nested agent may not change it. Absolute paths. */
  scripts: z.array(z.string()),
  request: NestedRequest,
});
export type NestedRecord = z.infer<typeof NestedRecord>;
