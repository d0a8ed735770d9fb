/** An Actor's name that would act on who opens a page which takes it for markup. */
export const ACTING_NAME = `acme/<img src=x onerror=alert(1)>"'\u202e`;

/** What a reader sees of a page: texts alone, a space between two. */
export const textOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, " ")
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&lt;", "<")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
