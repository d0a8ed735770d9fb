import { linesWith, type Source } from "./sources.ts";

/** The machine's clock, timers, randomness and ids, in whatever form a module may come by them. */
const AMBIENT: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "Date.now()", pattern: /\bDate\s*\.\s*now\b/ },
  { what: "new Date()", pattern: /\bnew\s+Date\s*(\(\s*\)|[;,)\]]|$)/ },
  { what: "Math.random()", pattern: /\bMath\s*\.\s*random\b/ },
  {
    what: "a timer",
    pattern: /\bset(Timeout|Interval|Immediate)\b|\bnode:timers|\bAbortSignal\s*\.\s*timeout\b/,
  },
  { what: "a random id", pattern: /\brandom(UUID|Bytes|Int|FillSync)\b|\bgetRandomValues\b/ },
  {
    what: "the machine's clock",
    pattern: /\bperformance\s*\.\s*now\b|\bprocess\s*\.\s*hrtime\b|\bTemporal\s*\.\s*Now\b/,
  },
];
export const SYSTEM = "src/adapters/system.ts";

/** What is ambient all the same: nothing that is decided, and nothing that a simulation replays, rests on it. */
const AMBIENT_ALLOWED: readonly { readonly path: string; readonly what: string; readonly why: string }[] = [
  {
    path: "src/adapters/dynamodb/transact.ts",
    what: "a random id",
    why: "the token by which DynamoDB knows a repeated transaction",
  },
  {
    path: "src/adapters/dynamodb/control-item.ts",
    what: "a random id",
    why: "tells our own write, whose answer was lost, from another's",
  },
  {
    path: "src/adapters/dynamodb/live-item.ts",
    what: "a random id",
    why: "tells our own write, whose answer was lost, from another's",
  },
  {
    path: "src/adapters/dynamodb/ledger-store.ts",
    what: "a random id",
    why: "tells our own write, whose answer was lost, from another's",
  },
  {
    path: "src/adapters/dynamodb/engine.ts",
    what: "a timer",
    why: "waits for the embedded engine's process to listen",
  },
  {
    path: "src/adapters/dynamodb/engine.ts",
    what: "the machine's clock",
    why: "waits for the embedded engine's process to listen",
  },
];

const ambientIn = (each: Source): readonly string[] =>
  AMBIENT.filter(({ pattern }) => linesWith(each, pattern).length > 0).map(({ what }) => what);

export const checkAmbient = (sources: readonly Source[], allowed = AMBIENT_ALLOWED): readonly string[] => [
  ...sources
    .filter(({ path }) => path.startsWith("src/") && path !== SYSTEM)
    .flatMap((each) =>
      ambientIn(each)
        .filter((what) => !allowed.some((known) => known.path === each.path && known.what === what))
        .map(
          (what) => `${each.path} uses ${what}; take it from a port, whose one real form is in ${SYSTEM}.`,
        ),
    ),
  ...allowed
    .filter(({ path, what }) => !sources.some((each) => each.path === path && ambientIn(each).includes(what)))
    .map(({ path, what }) => `${path} no longer uses ${what}; strike it from the exceptions.`),
];
