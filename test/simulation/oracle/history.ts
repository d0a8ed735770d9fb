import type { Call, Truth } from "../../../emulator/index.ts";

/** A request to the pretend Apify as a bystander sees it: what came of it, who sent it, and when. */
export type SeenCall = Call & {
  /** The process that sent it; `user` when the account's owner did by other means. */
  readonly by: string;
  readonly leftAtMs: number;
  /** The numbers in `stats` that the answer showed, for reads of one run. */
  readonly stats?: Readonly<Record<string, number>>;
  /** When its sender had the whole answer. Absent: not yet, or never. */
  deliveredAtMs?: number;
  /** When its sender stopped waiting: with the answer, by giving up, or by dying. */
  overAtMs?: number;
};

/** An entry as it lies in the store, and when and by whom it was put there. */
export type SeenEntry = {
  readonly commitMs: number;
  readonly by: string;
  readonly chain: string;
  readonly sequence: number;
  readonly text: string;
  readonly hash: string;
};

export type SeenTick = {
  /** The process that runs it. */
  readonly by: string;
  readonly tickId: string;
  /** When it had the answer to its first question; before that it can't know or do anything. */
  startedAtMs?: number;
  endedAtMs?: number;
  how?: "done" | "failed" | "died";
  /** Its last write to the audit or the control state: after that it makes no more intents. */
  lastWriteMs?: number;
  /** When it wrote down what it had seen of live runs. */
  liveWrittenMs?: number;
  error?: string;
};

/** All that the oracle goes by: the truth, the audit, and who did what when. Grows while the world runs. */
export type History = {
  readonly account: string;
  readonly truth: Truth;
  readonly calls: SeenCall[];
  readonly entries: SeenEntry[];
  readonly ticks: Map<string, SeenTick>;
  /** The policy document of a version, as stored. */
  policyText(version: number): string | undefined;
  nowMs(): number;
};

/** A promise that was broken, told as a sentence. */
export type Violation = { readonly promise: string; readonly atMs: number; readonly text: string };
