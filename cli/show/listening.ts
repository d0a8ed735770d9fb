import type { Terminal } from "./terminal.ts";

/**
 * A terminal that notes what is said on it. `refusal`: what went to standard error where nothing went to standard output, for
 * programs, which read that alone; `undefined` where something did.
 */
export function listening(terminal: Terminal): {
  readonly terminal: Terminal;
  readonly refusal: () => string | undefined;
} {
  const said: string[] = [];
  let hasOutput = false;
  return {
    terminal: {
      ...terminal,
      out(text) {
        hasOutput = true;
        terminal.out(text);
      },
      data(text) {
        hasOutput = true;
        terminal.data(text);
      },
      err(text) {
        said.push(text);
        terminal.err(text);
      },
    },
    refusal: () => (hasOutput || said.length === 0 ? undefined : said.join("\n")),
  };
}
