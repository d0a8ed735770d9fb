import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PICTURES } from "./pictures.ts";
import { svgOf } from "./svg.ts";

/** Takes the pictures of docs/pictures/ again: `npm run pictures`, on Linux. The second takes a minute. */
const folder = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));
await mkdir(folder, { recursive: true });
for (const { file, title, take } of PICTURES) {
  const cwd = await mkdtemp(join(tmpdir(), "watchdog-picture-"));
  try {
    await writeFile(join(folder, file), svgOf(await take(cwd), title));
    console.log(`docs/pictures/${file}`);
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
