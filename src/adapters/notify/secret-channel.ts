import type { Channel, Notice, Receipt } from "../../watchdog/model/notice.ts";

/** A text that is kept secret elsewhere; `describe` says where, and never what it is. */
export type Secret = {
  get(): Promise<string>;
  refresh(): Promise<string>;
  describe(): string;
};

/**
 * A channel whose address is a secret. It may have been replaced since it was read: after a refusal it is read again, and
 * where it is another one now, that is tried at once.
 */
export const secretChannel = (
  secret: Secret,
  send: (text: string, notices: readonly Notice[]) => Promise<Receipt>,
): Channel => ({
  async send(notices) {
    const text = await secret.get();
    try {
      return await send(text, notices);
    } catch (error) {
      const now = await secret.refresh().catch(() => text);
      if (now === text) throw error;
      return send(now, notices);
    }
  },
});
