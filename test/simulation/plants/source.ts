import { ANEW_PLANTS } from "./anew.ts";
import { HOLD_PLANTS } from "./holds.ts";
import { LATER_PLANTS } from "./later.ts";
import type { SourcePlant } from "./planting.ts";

/** Bugs in the watchdog's own code, each once its one change: `npm run simulate -- --plant NAME` plays worlds on it. */
export const SOURCE_PLANTS: Readonly<Record<string, SourcePlant>> = {
  "control-before-run": {
    about: "reads what is in force before the run, in the look before a call",
    caughtBy: "test/journeys/stopping/between-look-and-call.test.ts",
    changes: [
      {
        file: "src/watchdog/stop/pursuit.ts",
        from: "    const fresh = await withinBudget(",
        to: "    const control = await this.#pass.ports.state.readControl();\n    const fresh = await withinBudget(",
      },
      {
        file: "src/watchdog/stop/pursuit.ts",
        from: "    const control = await this.#pass.ports.state.readControl();\n    const intent = findIntent(control, this.intentId);",
        to: "    const intent = findIntent(control, this.intentId);",
      },
    ],
  },
  "force-unasked": {
    about: "promises force without asking for a pause or an exemption",
    caughtBy: "test/journeys/stopping/between-look-and-call.test.ts",
    changes: [
      {
        file: "src/watchdog/stop/pursuit.ts",
        from: "      return standingNow(pass, control, intent, first.observation);\n    });",
        to: '      return { kind: "condemned" };\n    });',
      },
    ],
  },
  "cycle-from-its-hour": {
    about: "takes a usage cycle to begin with the hour in which it begins",
    caughtBy: "test/policy/spend/windows.test.ts",
    changes: [
      {
        file: "src/policy/spend/windows.ts",
        from: "  from: new Date(ceilTo(from.getTime(), HOUR_MS)),\n  to: new Date(ceilTo(to.getTime(), HOUR_MS)),",
        to: "  from: new Date(floorTo(from.getTime(), HOUR_MS)),\n  to: new Date(floorTo(to.getTime() + 1, HOUR_MS)),",
      },
    ],
  },
  "told-before-written": {
    about: "remembers a notice as told before it is written",
    caughtBy: "test/journeys/stopping/goes-on.test.ts",
    changes: [
      {
        file: "src/watchdog/stop/stop.ts",
        from: "  const { kind } = await appendOnce(ports, runChain(observation.run.id), draft);\n",
        to: "  const early = live.get(observation.run.id);\n  if (early) live.set(observation.run.id, { ...early, said: [...early.said, draft.entryId] });\n  const { kind } = await appendOnce(ports, runChain(observation.run.id), draft);\n",
      },
    ],
  },
  "push-taken-for-old": {
    about: "takes a push whose entry is missing for one of long ago",
    caughtBy: "test/journeys/operators/last-good-policy.test.ts",
    changes: [
      {
        file: "src/watchdog/policies/policy-in-force.ts",
        from: "  if (!byVersion.has(wanted) && end < (head?.sequence ?? 0)) {",
        to: "  if (false) {",
      },
    ],
  },
  "cursor-past-the-lost": {
    about: "moves the cursor past a suspect that could not be read, and forgets it",
    caughtBy: "test/journeys/money/false-lists.test.ts",
    changes: [
      {
        file: "src/watchdog/observe/observe.ts",
        from: "    if (look && !seen.has(id)) live.set(id, known && !known.unread ? dueAgain(known, look) : unread(look));\n",
        to: "    if (look && !seen.has(id) && known && !known.unread) live.set(id, dueAgain(known, look));\n",
      },
    ],
  },
  "genesis-unheld": {
    about: "does not hold the first entry of a chain to its genesis",
    caughtBy: "test/watchdog/audit/verify.test.ts",
    changes: [
      {
        file: "src/watchdog/audit/verify/verify-chain.ts",
        from: "  let previous = GENESIS;",
        to: '  let previous = parse(stored[0]?.text ?? "")?.previous ?? GENESIS;',
      },
    ],
  },
  "claims-ignored": {
    about: "ignores the claims of other ticks",
    caughtBy: "test/journeys/stopping/once.test.ts",
    changes: [
      {
        file: "src/watchdog/stop/ladder.ts",
        from: "  intent.claim.tickId !== tickId && intent.claim.until > now;",
        to: "  intent.claim.tickId !== tickId && intent.claim.until > now && false;",
      },
      {
        file: "src/watchdog/stop/progress.ts",
        from: "    if (intent === undefined || (intent.claim.tickId !== promising.tick.id && intent.claim.until > now))",
        to: "    if (intent === undefined)",
      },
    ],
  },
  "token-user-unchecked": {
    about: "takes the token of any user",
    caughtBy: "test/journeys/reality/whose-token.test.ts",
    changes: [
      {
        file: "src/adapters/apify/http/token-users.ts",
        from: "    if (answered.id === this.#expected) return answered;",
        to: "    if (answered.id) return answered;",
      },
    ],
  },
  "list-of-starts-dropped": {
    about: "throws away the list of what started, where that of live runs was answered, too",
    caughtBy: "test/journeys/money/false-lists.test.ts",
    changes: [
      {
        file: "src/watchdog/observe/list.ts",
        from: "  const looks = [...(listed ? looksOf(listed) : []), ...looksOf(live)];",
        to: "  const looks = looksOf(live);",
      },
    ],
  },
  "answered-list-dropped": {
    about: "throws away the list of what started, where that of live runs failed",
    caughtBy: "test/journeys/reality/one-resource.test.ts",
    changes: [
      {
        file: "src/watchdog/observe/list.ts",
        from: "    return { looks: looksOf(started), cover };",
        to: "    return { looks: [], cover };",
      },
    ],
  },
  "live-list-dropped": {
    about: "throws away the list of live runs, where that of what started failed",
    caughtBy: "test/journeys/reality/one-resource.test.ts",
    changes: [
      {
        file: "src/watchdog/observe/list.ts",
        from: "...looksOf(live)];",
        to: "...(isMissing ? [] : looksOf(live))];",
      },
    ],
  },
  "spend-read-torn": {
    about: "takes cells that moved while they were read",
    caughtBy: "test/adapters/dynamodb/torn-reads.test.ts",
    changes: [
      {
        file: "src/adapters/dynamodb/ledger-store.ts",
        from: "    if (after === before || spans.length === 0) return { cells, recordings: after };",
        to: "    return { cells, recordings: after };",
      },
    ],
  },
  "exemption-read-torn": {
    about: "takes a control state whose newest exemption is not there yet",
    caughtBy: "test/adapters/dynamodb/torn-reads.test.ts",
    changes: [
      {
        file: "src/adapters/dynamodb/control-item.ts",
        from: "    if (missing === undefined) return control;",
        to: "    return control;",
      },
    ],
  },
  "control-read-late": {
    about: "reads the control state as some replica has it",
    caughtBy: "test/adapters/dynamodb/torn-reads.test.ts",
    changes: [
      {
        file: "src/adapters/dynamodb/control-item.ts",
        from: "    ConsistentRead: true,",
        to: "    ConsistentRead: false,",
      },
    ],
  },
  ...ANEW_PLANTS,
  ...LATER_PLANTS,
  ...HOLD_PLANTS,
};
