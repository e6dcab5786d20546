import * as z from 'zod';

/** What started the run, for messages: anybody may have written it, and nothing is decided by it. */
export type ShownEvent = {
  readonly name: string;
  /** The repository that a pull request comes from, where that is another one; null: it is not known to be. */
  readonly fork: string | null;
};

const Payload = z.object({
  pull_request: z.object({
    head: z.object({ repo: z.object({ full_name: z.string(), fork: z.boolean().optional() }).nullable() }),
    base: z.object({ repo: z.object({ full_name: z.string() }) }),
  }),
});

/** Loaded only when there is something to explain: it reads the event's file as soon as it is. */
export async function shownEvent(): Promise<ShownEvent | null> {
  try {
    const { context } = await import('@actions/github');
    return describeEvent(context.eventName, context.payload);
  } catch {
    return null;
  }
}

export function describeEvent(name: unknown, payload: unknown): ShownEvent {
  const shown = { name: typeof name === 'string' ? name : '', fork: null };
  const parsed = Payload.safeParse(payload);
  if (!parsed.success) return shown;
  const { head, base } = parsed.data.pull_request;
  if (head.repo === null) return { ...shown, fork: 'a repository that is gone' };
  return head.repo.full_name === base.repo.full_name ? shown : { ...shown, fork: head.repo.full_name };
}
