import * as z from 'zod';

const PATHS_MAX = 100;
const PATH_CHARACTERS_MAX = 1000;
const NAMES_MAX = 100;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
/** The runner's words to actions, tokens to mint identities among them, and ours to ourselves. */
const NEVER_PASSED = /^(?:INPUT_|STATE_|ACTIONS_|DUTY_GATE_)/;

const LocalPath = z
  .string()
  .max(PATH_CHARACTERS_MAX)
  .superRefine((path, context) => {
    const parts = path.split('/');
    const isPlain = !/\p{Cc}/u.test(path) && !parts.some((part) => part === '.' || part === '..');
    if (isPlain && /^(?:~\/|\/)[^/]/.test(path)) return;
    context.addIssue({ code: 'custom', message: 'is not such a path, expected /… or ~/… without . and ..' });
  });

const PassedVariable = z.string().superRefine((name, context) => {
  if (!VARIABLE.test(name)) context.addIssue({ code: 'custom', message: 'is not the name of a variable, expected letters, digits and _' });
  else if (NEVER_PASSED.test(name)) context.addIssue({ code: 'custom', message: 'never passes: it speaks to actions, or is ours' });
});

export const ConfinementSchema = z
  .strictObject({
    hide: z
      .array(LocalPath)
      .min(1)
      .max(PATHS_MAX)
      .optional()
      .describe('Files and folders out of the command\'s sight. "~" is the home of whoever runs it.'),
    persist: z
      .array(LocalPath)
      .min(1)
      .max(PATHS_MAX)
      .optional()
      .describe('Folders that a job\'s command writes for good, besides the workspace. "~" is the home of whoever runs it.'),
    require: z
      .literal(true, 'must be true: this version runs nothing unconfined')
      .optional()
      .describe('That commands run in a cage, or not at all.'),
    'pass-env': z
      .array(PassedVariable)
      .min(1)
      .max(NAMES_MAX)
      .optional()
      .describe(
        "Variables that the command gets, and may leave for later steps, although they are tokens of the job's or act on programs.",
      ),
  })
  .refine((confinement) => Object.keys(confinement).length > 0, 'is empty, expected hide, persist, require or pass-env')
  .describe('What a command can see of the machine.');
