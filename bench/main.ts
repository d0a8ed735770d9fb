import { detection } from "./detection.ts";

/** Each prints a table in Markdown. */
const BENCHES: Readonly<Record<string, { readonly about: string; readonly run: () => Promise<string> }>> = {
  detection: {
    about: "from a breach to the abort call, and the overshoot, against plain polls",
    run: detection,
  },
};

const [name] = process.argv.slice(2);
const bench = BENCHES[name ?? ""];
if (bench === undefined) {
  console.log("npm run bench -- NAME");
  for (const [each, { about }] of Object.entries(BENCHES)) console.log(`  ${each.padEnd(12)} ${about}`);
  process.exit(name === undefined ? 0 : 2);
}
console.log(await bench.run());
