import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

/** One spot of a source file, as it stands there and as the bug would have it. */
export type Change = { readonly file: string; readonly from: string; readonly to: string };

/** A bug in the watchdog's own code. */
export type SourcePlant = {
  readonly about: string;
  readonly changes: readonly Change[];
  /** The test by name that notices it: at once, where no oracle can or only after many worlds. */
  readonly caughtBy?: string;
};

const ROOT = new URL("../../../", import.meta.url);

const timesIn = (text: string, part: string): number => text.split(part).length - 1;

/** The text of a file with the bug in it. Throws where the spot is not there, once: then the bug is another one by now. */
export function planted(text: string, file: string, { changes }: SourcePlant): string {
  return changes
    .filter((change) => change.file === file)
    .reduce((changed, { from, to }) => {
      const times = timesIn(changed, from);
      if (times !== 1)
        throw new Error(`${file} has this ${times} times, where a bug is to be planted: ${from}`);
      return changed.replace(from, () => to);
    }, text);
}

/** Where the plant no longer fits the code, why. */
export function misfits(plant: SourcePlant): readonly string[] {
  return [...new Set(plant.changes.map(({ file }) => file))].flatMap((file) => {
    try {
      const text = readFileSync(new URL(file, ROOT), "utf8");
      return planted(text, file, plant) === text ? [`${file} stays as it is`] : [];
    } catch (error) {
      return [String(error)];
    }
  });
}

/** Has this process load the planted code in place of the real one. Nothing of it may have been loaded before. */
export function plantInSource(plant: SourcePlant): void {
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const file = url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : "";
      if (!plant.changes.some((change) => change.file === file)) return loaded;
      const text = readFileSync(fileURLToPath(url), "utf8");
      return { ...loaded, source: planted(text, file, plant) };
    },
  });
}
