/** What `act` gives, or, where it takes longer, what `late` makes. What is late goes on by itself; its end is nobody's any more. */
export async function within<T>(msMax: number, act: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), msMax);
  });
  try {
    return await Promise.race([act, limit]);
  } finally {
    clearTimeout(timer);
  }
}
