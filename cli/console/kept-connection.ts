import { type Connection, type Target, targetText } from "../command.ts";
import { UsageError } from "../options/usage-error.ts";

type Held = {
  readonly opening: Promise<Connection>;
  /** Once it is open. */
  connection?: Connection;
  users: number;
  isOver: boolean;
};

const isSame = (one: Target, other: Target): boolean =>
  one.kind === other.kind && one.name === other.name && one.account === other.account;

/**
 * One connection for many commands, one after the other or at once, for hours. It is opened again where its tables have moved
 * to another process or failed, and always on the same target. Tables of this machine that no process looks at are let go as
 * soon as no command reads them: another process may want them.
 */
export class KeptConnection {
  #held: Held | undefined;
  #meant: Target | undefined;
  #last: Connection | undefined;

  /** The last one that was opened, whether or not it still is. */
  get last(): Connection | undefined {
    return this.#last;
  }

  /** Who closes what it returns leaves it to the others. Throws what `open` throws. */
  async use(open: () => Promise<Connection>): Promise<Connection> {
    if (this.#held?.connection?.isStale?.()) this.renew();
    this.#held ??= { opening: this.#opened(open), users: 0, isOver: false };
    const held = this.#held;
    held.users += 1;
    try {
      const connection = await held.opening;
      held.connection = connection;
      let isLeft = false;
      const close = async (): Promise<void> => {
        if (isLeft) return;
        isLeft = true;
        await this.#leave(held);
      };
      return { ...connection, close };
    } catch (error) {
      if (this.#held === held) this.#held = undefined;
      throw error;
    }
  }

  /** The next command opens it again. */
  renew(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    held.isOver = true;
    if (held.users === 0) void held.opening.then((connection) => connection.close()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    const connection = await held?.opening.catch(() => undefined);
    await connection?.close();
  }

  async #opened(open: () => Promise<Connection>): Promise<Connection> {
    const connection = await open();
    const { target } = connection;
    this.#meant ??= target;
    if (isSame(this.#meant, target)) {
      this.#last = connection;
      return connection;
    }
    await connection.close();
    throw new UsageError(
      `The tables here are now others, ${targetText(target)}: this was opened on ${targetText(this.#meant)}. Start it again to look at those.`,
    );
  }

  async #leave(held: Held): Promise<void> {
    held.users -= 1;
    if (held.users > 0) return;
    const connection = await held.opening;
    if (!held.isOver && connection.isWatched !== false) return;
    if (this.#held === held) this.#held = undefined;
    await connection.close();
  }
}
