import { backfill } from "./backfill.ts";
import { consolePage } from "./console.ts";
import { detection } from "./detection.ts";
import { evidence } from "./evidence.ts";
import { holds } from "./holds.ts";
import { requests } from "./requests.ts";
import { sabotage } from "./sabotage.ts";
import { tick } from "./tick.ts";
import { units } from "./units.ts";

/** Each prints a table in Markdown. */
const BENCHES: Readonly<Record<string, { readonly about: string; readonly run: () => Promise<string> }>> = {
  detection: {
    about: "from a breach to the abort call, and the overshoot, against plain polls",
    run: detection,
  },
  backfill: {
    about: "the ledger filled from a list of fifty thousand runs, and killed halfway",
    run: backfill,
  },
  console: {
    about:
      "the console over a thousand live runs: what is sent, how long a page takes to paint and to be drawn",
    run: consolePage,
  },
  evidence: {
    about: "back-tests of up to 100,000 runs under 20 rules, and limits for 500 tasks",
    run: evidence,
  },
  holds: { about: "from a budget reached to the schedule behind it held", run: holds },
  units: { about: "DynamoDB's read and write units for a month, and what they cost", run: units },
  requests: {
    about: "what a tick asks of Apify, where lists tell costs and where they don't",
    run: requests,
  },
  sabotage: {
    about: "after how many simulated worlds each of twelve planted bugs is caught; the first seed may follow",
    run: sabotage,
  },
  tick: { about: "a tick over a thousand live runs, with budgets against without", run: tick },
};

const [name] = process.argv.slice(2);
const bench = BENCHES[name ?? ""];
if (bench === undefined) {
  console.log("npm run bench -- NAME");
  for (const [each, { about }] of Object.entries(BENCHES)) console.log(`  ${each.padEnd(12)} ${about}`);
  process.exit(name === undefined ? 0 : 2);
}
console.log(await bench.run());
