import { messageOf } from "../model/pass.ts";
import type { Route } from "./try-channels.ts";

/** What came of resending. `again`: how many messages are on their way back, about; 0 where none was given up. */
export type Resent = { readonly channel: string; readonly again: number; readonly problem?: string };

async function resendOf({ name, backlog, moveBack }: Pick<Route, "name" | "backlog" | "moveBack">) {
  try {
    const { givenUp } = await backlog();
    if (givenUp > 0) await moveBack();
    return { channel: name, again: givenUp };
  } catch (error) {
    return { channel: name, again: 0, problem: messageOf(error) };
  }
}

/** Puts what every channel has given up back into its queue, where it is tried as if it were new. */
export const resend = (
  routes: readonly Pick<Route, "name" | "backlog" | "moveBack">[],
): Promise<readonly Resent[]> => Promise.all(routes.map(resendOf));
