import { batch } from "@preact/signals";
import { API, BEAT_MS, type News } from "../api.ts";
import { drawer, drawerIn, line, now, parts } from "./state.ts";

/** What stays unheard for so long is lost, whether or not the connection still stands. */
const LOST_MS = 3 * BEAT_MS;

/** A page that was turned away, as one too many, asks again. */
const AGAIN_MS = 5_000;

const inWholeSeconds = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);

/** Follows the server's news, its clock, and the page's address, for as long as the page is open. */
export function follow(): void {
  let heardAt = Date.now();
  // The server may run elsewhere, behind a forwarded port: ages are by its clock.
  let aheadMs = 0;
  const hear = (): void => {
    heardAt = Date.now();
    refused = false;
    if (line.peek().kind !== "open") line.value = { kind: "open" };
  };
  let refused = false;
  const lose = (): void => {
    const before = line.peek();
    if (before.kind === "lost" && before.refused === refused) return;
    line.value = { kind: "lost", since: new Date(heardAt + aheadMs), refused };
  };
  const listen = (): void => {
    const source = new EventSource(API.news);
    source.addEventListener("part", ({ data }: MessageEvent<string>) => {
      const { name, part } = JSON.parse(data) as News;
      batch(() => {
        hear();
        if (name in parts) parts[name].value = part;
      });
    });
    source.addEventListener("beat", ({ data }: MessageEvent<string>) => {
      batch(() => {
        hear();
        aheadMs = Date.parse(data) - heardAt;
      });
    });
    source.addEventListener("error", () => {
      // A browser asks again by itself where the line broke, and never where it was turned away.
      refused = source.readyState === EventSource.CLOSED;
      lose();
      if (refused) setTimeout(listen, AGAIN_MS);
    });
  };
  listen();
  const tick = (): void => {
    if (Date.now() - heardAt > LOST_MS) lose();
    const at = inWholeSeconds(Date.now() + aheadMs);
    if (at.getTime() !== now.peek().getTime()) now.value = at;
  };
  tick();
  setInterval(tick, 250);
  const look = (): void => {
    drawer.value = drawerIn(location.hash);
  };
  look();
  addEventListener("hashchange", look);
  addEventListener("popstate", look);
}
