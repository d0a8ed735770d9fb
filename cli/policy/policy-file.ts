import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { LineCounter, parseDocument, visit } from "yaml";
import {
  formatProblem,
  PolicyError,
  type Problem,
  parseNewPolicy,
  printable,
} from "../../src/policy/index.ts";
import { type FileProblem, PolicyFileError } from "./policy-file-error.ts";

const told = (name: string, problems: readonly FileProblem[]): string =>
  problems.map(({ line, column, problem }) => `  ${name}:${line}:${column}  ${problem}`).join("\n");

/** Where a value stands in the text; for a key that is missing, where it should have been. */
function placeOf(
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: Problem["path"],
): Pick<FileProblem, "line" | "column"> {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as
      | { range?: readonly [number, ...number[]] }
      | undefined;
    if (node?.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { line, column: col };
    }
  }
  return { line: 1, column: 1 };
}

/** What a file holds, and where in it each part stands. */
export type Placed<T> = {
  readonly value: T;
  placeOf(path: Problem["path"]): Pick<FileProblem, "line" | "column">;
};

/** What the YAML stands for. Fails on an alias that leads nowhere, and where there are so many that memory would not do. */
function plainOf(document: ReturnType<typeof parseDocument>, lines: LineCounter, name: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    let first = 0;
    visit(document, {
      Alias: (_key, { range }) => {
        first = range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    const { line, col } = lines.linePos(first);
    const problems = [{ line, column: col, problem: printable((cause as Error).message) }];
    throw new PolicyFileError(`${name} is not readable as YAML:\n${told(name, problems)}`, problems, {
      cause,
    });
  }
}

/**
 * Reads YAML (or JSON, which is YAML too) into JSON and checks it; every problem that `check` throws is reported with its
 * line and column. `use`: what the text is to be used as, for the message.
 */
export function readChecked<T>(
  text: string,
  name: string,
  use: string,
  check: (document: unknown) => T,
): Placed<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { line, column: col, problem: printable(message) };
    });
    throw new PolicyFileError(`${name} is not readable as YAML:\n${told(name, problems)}`, problems);
  }
  if (document.contents === null) {
    const problems = [{ line: 1, column: 1, problem: "there is nothing in it" }];
    throw new PolicyFileError(`${name} can't be used as ${use}:\n${told(name, problems)}`, problems);
  }
  const plain = plainOf(document, lines, name);
  try {
    const value = check(plain);
    return { value, placeOf: (path) => placeOf(document, lines, path) };
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    const problems = cause.problems.map((problem) => ({
      ...placeOf(document, lines, problem.path),
      problem: formatProblem(problem),
    }));
    throw new PolicyFileError(`${name} can't be used as ${use}:\n${told(name, problems)}`, problems, {
      cause,
    });
  }
}

/** Reads a policy into the JSON document that is pushed. */
export const readPolicyText = (text: string, name: string): unknown =>
  readChecked(text, name, "a policy; nothing was changed", (document) => {
    parseNewPolicy(document);
    return document;
  }).value;

const WHY_UNREADABLE: Readonly<Record<string, string>> = {
  EACCES: "you may not read it",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
};

let given: Promise<string> | undefined;
/** All that comes on standard input, also where it is asked for twice. */
function standardInput(): Promise<string> {
  given ??= text(process.stdin);
  return given;
}

/** The text of a file that a person names; `-` is standard input. */
export const readText = (path: string): Promise<string> => (path === "-" ? standardInput() : textOf(path));

const textOf = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = WHY_UNREADABLE[code ?? ""] ?? printable(message);
    throw new PolicyFileError(`${path} can't be read: ${why}. Is the path right?`, [], { cause });
  });

export const readPolicyFile = async (path: string): Promise<unknown> =>
  readPolicyText(await readText(path), path === "-" ? "standard input" : path);
