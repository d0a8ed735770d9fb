import { spawn } from "node:child_process";
import { type Terminal, writtenData, writtenLines } from "./terminal.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** As git has them: colours as they are, and the list stays on the screen afterwards. */
const LESS = { LESS: "FRX", LV: "-c" };

/** The pager of a person's choice, as a shell takes it; `undefined`: none is wanted. */
export function pagerOf({ PAGER }: Env): string | undefined {
  if (PAGER === undefined) return process.platform === "win32" ? "more" : "less";
  return PAGER.trim() === "" || PAGER.trim() === "cat" ? undefined : PAGER;
}

/** Shows a text in a pager until the person leaves it. Returns whether there was one. */
export const page = (pager: string, text: string, env: Env): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(pager, {
      shell: true,
      stdio: ["pipe", "inherit", "inherit"],
      env: { ...LESS, ...env } as NodeJS.ProcessEnv,
    });
    child.once("error", () => resolve(false));
    // As a shell says that there is no such program.
    child.once("close", (code) => resolve(code !== 127 && code !== 126));
    // Who leaves early does not read to the end.
    child.stdin.on("error", () => undefined);
    child.stdin.end(text);
  });

/** A terminal that keeps results back, to show them at the end: at once, or in a pager where they are longer than the screen. */
export type HeldBack = {
  readonly terminal: Terminal;
  show(inPager: (text: string) => Promise<boolean>): Promise<void>;
};

export function heldBack(terminal: Terminal, rows: number): HeldBack {
  const parts: { readonly text: string; readonly write: () => void }[] = [];
  return {
    terminal: {
      ...terminal,
      out(text) {
        parts.push({ text: writtenLines(text), write: () => terminal.out(text) });
      },
      data(text) {
        parts.push({ text: writtenData(text), write: () => terminal.data(text) });
      },
    },
    async show(inPager) {
      const all = parts.splice(0);
      const text = all.map((each) => each.text).join("");
      const isLong = text.split("\n").length > rows;
      if (isLong && (await inPager(text))) return;
      for (const { write } of all) write();
    },
  };
}
