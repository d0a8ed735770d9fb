import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { buildFunctions } from "../functions/build.ts";
import { buildCli } from "./cli.ts";
import { buildConstruct } from "./construct.ts";
import { noticesOf } from "./notices.ts";

/** Builds all that the package consists of, into dist. */
const root = fileURLToPath(new URL("..", import.meta.url));

const [functions, cli, construct] = await Promise.all([buildFunctions(), buildCli(), buildConstruct()]);
await writeFile(`${root}dist/THIRD-PARTY-NOTICES.txt`, await noticesOf(root, [...functions, cli, construct]));
