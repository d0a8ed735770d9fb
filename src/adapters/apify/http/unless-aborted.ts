/**
 * What `work` brings, or `undefined` as soon as the signal aborts; `work` is not begun on an aborted signal. For work
 * that takes no signal itself: it goes on unobserved, and what comes of it is dropped.
 */
export async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => resolve(undefined);
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work(), promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
