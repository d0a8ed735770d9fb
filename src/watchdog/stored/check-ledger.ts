import { dayOf, isHourSlot, type Slot, startOfSlot } from "../../policy/index.ts";
import type { LedgerWrite } from "../model/ledger-store.ts";

/** One transaction takes a hundred items: the run's, these, and the counter. */
const MAX_CELL_ITEMS = 98;

/** Where an amount of a slot goes: an hour's spend is its day's, too. */
export const itemsOfSlot = (slot: Slot): readonly Slot[] => (isHourSlot(slot) ? [slot, dayOf(slot)] : [slot]);

/** The slots whose cells a write moves. */
export const cellItemsOf = ({ spend, counts = {} }: LedgerWrite): ReadonlySet<Slot> =>
  new Set([spend, ...Object.values(counts)].flatMap((each) => Object.keys(each).flatMap(itemsOfSlot)));

const isSlot = (slot: Slot): boolean =>
  /^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]))?$/.test(slot) && !Number.isNaN(startOfSlot(slot).getTime());

function checkWrite(write: LedgerWrite): void {
  const { record, expectedVersion, spend, counts = {}, points = [] } = write;
  const who = `run ${record.run.id}`;
  if (!(record.version > expectedVersion))
    throw new Error(`${who} is recorded as version ${record.version} after version ${expectedVersion}`);
  for (const slot of [spend, ...Object.values(counts)].flatMap((each) => Object.keys(each)))
    if (!isSlot(slot)) throw new Error(`${who} spent in "${slot}", which is no UTC hour and no UTC day`);
  const amounts = [...Object.values(spend), ...points.map(({ microUsd }) => microUsd)];
  const bad = amounts.find((microUsd) => !Number.isSafeInteger(microUsd));
  if (bad !== undefined) throw new Error(`${who} spent ${bad}, which is no whole number of micro-dollars`);
  const wrong = Object.values(counts)
    .flatMap((each) => Object.values(each))
    .find((n) => !(Number.isSafeInteger(n) && n > 0));
  if (wrong !== undefined) throw new Error(`${who} is counted ${wrong} times`);
  const items = cellItemsOf(write).size;
  if (items > MAX_CELL_ITEMS)
    throw new Error(`${who} spent in ${items} hours and days; write at most ${MAX_CELL_ITEMS} at a time`);
}

/**
 * What every ledger store asks of writes before it writes anything: a cell that holds no amount could be read by nobody
 * any more. A failure is a mistake in our own code.
 */
export function checkLedgerWrites(writes: readonly LedgerWrite[]): void {
  for (const write of writes) checkWrite(write);
}
