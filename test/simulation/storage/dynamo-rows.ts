import { brotliDecompressSync } from "node:zlib";
import type { Dynamo } from "../../support/dynamo/dynamo.ts";
import type { Table } from "../../support/dynamo/table.ts";
import type { Item } from "../../support/dynamo/values.ts";
import type { RowEntry, Rows } from "./storage.ts";

type Where = { readonly account: string; readonly stateTable: string; readonly auditTable: string };

/**
 * What lies in the two tables, read from their items as they are. It shares no code with the adapter's own reading of
 * them. What a transaction has decided lies there, also while readers do not see it yet.
 */
export function rowsIn({ tables }: Dynamo, { account, stateTable, auditTable }: Where): Rows {
  const tableOf = (name: string): Table => {
    const table = tables.get(name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    return table;
  };
  const state = tableOf(stateTable);
  const at = (sort: string): Item | undefined =>
    state.slotOf({ pk: { S: account }, sk: { S: sort } }).decided;
  const number = (sort: string, name: string): number | undefined => {
    const { N } = at(sort)?.[name] ?? {};
    return N === undefined ? undefined : Number(N);
  };
  function* under(prefix: string): Generator<readonly [rest: string, item: Item]> {
    for (const { key, decided } of state.partition({ S: account })) {
      const { S: sort = "" } = key.sk ?? {};
      if (decided && sort.startsWith(prefix)) yield [sort.slice(prefix.length), decided];
    }
  }
  return {
    policyText: (version) => at(`policy#${String(version).padStart(8, "0")}`)?.text?.S,
    recordings: () => number("spend", "recordings") ?? 0,
    controlVersion: () => number("control", "version"),
    live: () => {
      const version = number("live", "version");
      return version === undefined ? undefined : { version, text: () => liveText(at("live") ?? {}) };
    },
    *cells() {
      for (const slots of ["spend#hour#", "spend#day#"])
        for (const [place, item] of under(slots)) yield [place.replace(SHARE, ""), spendersIn(item)];
    },
    *runs() {
      for (const [runId, { text }] of under("run#")) if (text?.S !== undefined) yield [runId, text.S];
    },
    chains: chainsIn(tableOf(auditTable), account),
  };
}

/** No world has so many runs that the index is split. */
function liveText({ packed, parts, text }: Item): string {
  if (parts) throw new Error("the live index is in parts, which no bystander can read yet");
  if (text?.S !== undefined) return text.S;
  return brotliDecompressSync(Buffer.from(packed?.B ?? "", "base64")).toString("utf8");
}

/** The cells of a slot are in several items, each spender's in one of them: `2026-11-25/3`. */
const SHARE = /\/\d+$/;

/** `c|<Actor>|<task>|<origin>` holds micro-dollars. */
const spendersIn = (item: Item): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(item).flatMap(([name, { N }]) => {
      const [mark, ...spender] = name.split("|");
      return mark === "c" ? [[JSON.stringify(spender), Number(N)] as const] : [];
    }),
  );

/** Read again only after a write: it is asked for after every call. */
function chainsIn(audit: Table, account: string): Rows["chains"] {
  let writes = -1;
  let chains = new Map<string, RowEntry[]>();
  return () => {
    if (audit.writes === writes) return chains;
    writes = audit.writes;
    chains = new Map();
    for (const { key, decided } of audit.all()) {
      const { S: partition = "" } = key.pk ?? {};
      if (!decided || !partition.startsWith(`${account}#`)) continue;
      const chain = partition.slice(account.length + 1);
      const entries = chains.get(chain) ?? [];
      entries.push({
        sequence: Number(key.sk?.N),
        text: decided.text?.S ?? "",
        hash: decided.hash?.S ?? "",
      });
      chains.set(chain, entries);
    }
    return chains;
  };
}
