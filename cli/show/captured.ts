import type { Terminal } from "./terminal.ts";

/** A terminal that nobody looks at: what is written is kept, and nobody can be asked. */
export function captured(): { readonly terminal: Terminal; out(): string; err(): string } {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    terminal: {
      columns: Number.POSITIVE_INFINITY,
      isTty: false,
      colour: false,
      out: (text) => void out.push(...[text].flat()),
      data: (text) => void out.push(text),
      err: (text) => void err.push(text),
      progress: () => undefined,
      canAsk: false,
      ask: async () => "",
    },
    out: () => out.join("\n"),
    err: () => err.join("\n"),
  };
}
