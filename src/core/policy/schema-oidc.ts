import * as z from 'zod';

const AUDIENCES_MAX = 32;
/** What may stand in a URL's query without a second reading. */
const AUDIENCE = /^[!-~]{1,255}$/;
/** Ours: such a token opens sessions and approves operations. */
const OWN = /^duty-gate:/i;

const Audience = z.string().superRefine((audience, context) => {
  if (!AUDIENCE.test(audience)) context.addIssue({ code: 'custom', message: 'is not an audience, expected 1 to 255 printable characters' });
  else if (OWN.test(audience)) context.addIssue({ code: 'custom', message: "is duty-gate's own, which no command may have" });
});

export const OidcSchema = z
  .strictObject({
    audiences: z
      .array(Audience)
      .min(1)
      .max(AUDIENCES_MAX)
      .describe("Audiences that a command may get the job's identity token for, by the gateway. Compared exactly."),
  })
  .describe('Which identity tokens commands may ask for.');
