/** Wrong usage: exit code 2. The message says what came, what was wanted and what to write instead. */
export class UsageError extends Error {
  override name = "UsageError" as const;
}
