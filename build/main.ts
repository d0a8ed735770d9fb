import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildConsole } from "../console/build.ts";
import { buildFunctions } from "../functions/build.ts";
import { buildCli } from "./cli.ts";
import { buildConstruct } from "./construct.ts";
import { noticesOf } from "./notices.ts";

/** Builds all that the package consists of, into dist. */
const root = fileURLToPath(new URL("..", import.meta.url));

const [functions, ...others] = await Promise.all([
  buildFunctions(),
  buildCli(),
  buildConstruct(),
  buildConsole(),
]);
await writeFile(`${root}dist/THIRD-PARTY-NOTICES.txt`, await noticesOf(root, [...functions, ...others]));
