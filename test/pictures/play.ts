import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Screen } from "./screen.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

type Stage = {
  readonly columns: number;
  readonly rows: number;
  /** The folder that it runs in, which keeps its tables. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The picture is taken when this is so. */
  readonly until: (screen: Screen) => boolean;
};

/**
 * Plays the real `npm start` on a real terminal, made by `script` of util-linux, until what is wanted is on its screen; then Ctrl-C.
 * Throws when it ends without.
 */
export async function play({ columns, rows, cwd, env = {}, until }: Stage): Promise<Screen> {
  const start = [process.execPath, `${root}cli/start/start.ts`].map(quoted).join(" ");
  const child = spawn("script", ["-qfec", `stty cols ${columns} rows ${rows}; exec ${start}`, "/dev/null"], {
    cwd,
    env: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const screen = new Screen(columns, rows);
  // It may have ended by itself.
  child.stdin.on("error", () => undefined);
  child.stdout.setEncoding("utf8");
  try {
    for await (const text of child.stdout) {
      screen.write(text as string);
      if (screen.isAtRest && until(screen)) return screen;
    }
    throw new Error(`It ended before its picture could be taken:\n${screen.text}`);
  } finally {
    child.stdin.write("\u0003");
    await ended;
  }
}
