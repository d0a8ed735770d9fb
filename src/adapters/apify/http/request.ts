/** What is asked of the API, without where it is and who asks. */
export type ApifyRequest = {
  readonly method: "GET" | "POST" | "PUT";
  /** From `/v2` on, ids already encoded, no query. The part of a URL that errors and logs may show. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** JSON text. */
  readonly body?: string;
  /** What the answer must be readable as, for messages: `a run`. */
  readonly wanted: string;
  /** Is this the account's own list of runs? A 403 of it is of the token, every other is of what was asked for. */
  readonly isRunList?: true;
};

/**
 * Can this be put into a path so that it stays one segment? URL parsers resolve `.` and `..` even when encoded, and a
 * lone surrogate has no UTF-8: a request for such an id would reach another resource.
 */
export const isAddressable = (id: string): boolean =>
  id !== "" && id !== "." && id !== ".." && id.isWellFormed();

/** `/v2/actor-runs/<id>/abort`, each id encoded. Throws RangeError on an id that no URL can carry. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  const bad = ids.find((id) => !isAddressable(id));
  if (bad !== undefined)
    throw new RangeError(`${JSON.stringify(bad)} is no id of Apify's: no URL can carry it.`);
  return String.raw({ raw: parts }, ...ids.map(encodeURIComponent));
}

export function urlOf(origin: string, { path, query = {} }: ApifyRequest): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value);
  return `${origin}${path}${search.size > 0 ? `?${search}` : ""}`;
}
