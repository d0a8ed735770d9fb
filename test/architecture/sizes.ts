import { posix } from "node:path";
import { lineCount, type Source } from "./sources.ts";

const MOST_FILES = 20;

/** Folders of one kind of thing, a file each: they grow as the product does, and no room hides in them. */
const WIDER: readonly { readonly folder: string; readonly most: number; readonly why: string }[] = [
  { folder: "cli/commands", most: Number.POSITIVE_INFINITY, why: "a file for each command" },
  { folder: "src/policy/limits", most: Number.POSITIVE_INFINITY, why: "a file for each limit" },
  { folder: "src/adapters/apify", most: 25, why: "a file for each call and each answer" },
  { folder: "src/adapters/dynamodb", most: 25, why: "a file for each item" },
];

/** Folders in which a newcomer would have to search. */
export function checkFolders(sources: readonly Source[]): readonly string[] {
  const folders = Map.groupBy(sources, ({ path }) => posix.dirname(path));
  return [...folders].flatMap(([folder, { length }]) => {
    const most = WIDER.find((wide) => wide.folder === folder)?.most ?? MOST_FILES;
    return length <= most
      ? []
      : `${folder}/ has ${length} files, a folder has at most ${most}: there is more than one room in it; give each its own folder.`;
  });
}

const LENGTHS: readonly {
  readonly folders: readonly string[];
  readonly most: number;
  readonly otherwise: string;
}[] = [
  {
    folders: ["src/", "cli/", "page/", "console/", "functions/", "infra/", "emulator/"],
    most: 200,
    otherwise: "give each concept in it a file",
  },
  {
    folders: ["test/", "bench/"],
    most: 300,
    otherwise: "split it by what it proves, and what both halves set up belongs in test/support/",
  },
];

export const checkLengths = (sources: readonly Source[]): readonly string[] =>
  sources.flatMap((each) => {
    const limit = LENGTHS.find(({ folders }) => folders.some((folder) => each.path.startsWith(folder)));
    const lines = lineCount(each);
    return limit === undefined || lines <= limit.most
      ? []
      : `${each.path} has ${lines} lines, a file there has at most ${limit.most}: ${limit.otherwise}.`;
  });

const MAX_HANDLER_LINES = 40;
export const NOT_HANDLERS = [
  "functions/contract.ts",
  "functions/pointer.ts",
  "functions/adopt-deployed.ts",
  "functions/notifier-contract.ts",
  "functions/read-env.ts",
  "functions/runtime.ts",
  "functions/build.ts",
  "functions/slim.ts",
];

export const checkHandlers = (sources: readonly Source[]): readonly string[] =>
  sources
    .filter(({ path }) => path.startsWith("functions/") && !NOT_HANDLERS.includes(path))
    .filter((each) => lineCount(each) > MAX_HANDLER_LINES)
    .map(
      (each) =>
        `${each.path} has ${lineCount(each)} lines, a handler has at most ${MAX_HANDLER_LINES}: move wiring to functions/runtime.ts and work to src/watchdog/.`,
    );
