type Env = Readonly<Record<string, string | undefined>>;

/** Programs that are known to take OSC 8 links, as they name themselves in `TERM_PROGRAM`. */
const PROGRAMS = ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"];

/** `VTE_VERSION` from which on links do no harm: 0.50. */
const VTE_FROM = 5_000;

/**
 * Does the terminal take OSC 8 links? Asked only of one that is known to; `FORCE_HYPERLINK=1` and `=0` have the last word.
 * Source: "Hyperlinks in terminal emulators" (egmontkob), and each terminal's own variables.
 */
export function takesLinks(env: Env): boolean {
  const { FORCE_HYPERLINK: forced, TERM = "", TERM_PROGRAM = "", VTE_VERSION = "0" } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "";
  if (TERM === "dumb") return false;
  const isKnown = [env.WT_SESSION, env.KONSOLE_VERSION, env.KITTY_WINDOW_ID].some((each) => Boolean(each));
  return (
    isKnown ||
    PROGRAMS.includes(TERM_PROGRAM) ||
    Number(VTE_VERSION) >= VTE_FROM ||
    /^(xterm-kitty|foot)/.test(TERM)
  );
}
