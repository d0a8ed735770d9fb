import type { Run } from "../../policy/index.ts";

/** Runs of one Actor name it with one string: as read, each has its own, and a long history a fifth more to hold. */
export class SharedIds {
  readonly #known = new Map<string, string>();

  of(run: Run): Run {
    const { actorId, actorTaskId, scheduleId } = run;
    return {
      ...run,
      actorId: this.#same(actorId),
      ...(actorTaskId !== undefined && { actorTaskId: this.#same(actorTaskId) }),
      ...(scheduleId !== undefined && { scheduleId: this.#same(scheduleId) }),
    };
  }

  #same(id: string): string {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    this.#known.set(id, id);
    return id;
  }
}
