import type { Served } from "../../console/server/serve.ts";
import type { Connection, Invocation } from "../command.ts";
import { openConsole } from "../console/open-console.ts";
import { localUser } from "../target/local-folder.ts";
import { visit } from "../target/sitting.ts";
import type { LocalWatchdog } from "./compose.ts";
import type { Scene } from "./scene.ts";

const FIRST_MS = 5_000;

/** The console on what a sitting watches, for as long as that lasts. A pretend day goes by slowly enough to look at it. */
export async function consoleOf(
  { folder, apifyApiUrl }: Scene,
  { ports }: LocalWatchdog,
  { asking, canAct }: { readonly asking: Invocation["asking"]; readonly canAct: boolean },
): Promise<Served> {
  const connection: Connection = {
    ports,
    target: { kind: "folder", name: folder, account: ports.account },
    isWatched: true,
    hasApify: true,
    apifyApiUrl,
    operator: async () => localUser(),
    close: async () => undefined,
  };
  const own = asking(async () => connection);
  // So that it knows the time of the account before a page asks for it.
  await own.ask(["status"], AbortSignal.timeout(FIRST_MS));
  const { url, close } = await openConsole({ asking: own, port: 0, canAct });
  const leave = visit(folder);
  return {
    url,
    close() {
      leave();
      return close();
    },
  };
}
