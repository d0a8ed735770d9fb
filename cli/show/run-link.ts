import { consoleRunUrl } from "../../src/watchdog/notify/place.ts";
import { linked, type Paint } from "./terminal.ts";

/** A run's id that leads to it in Apify Console, where it is shown whole. */
export const runLink = (text: string, runId: string | undefined, paint: Paint): string =>
  text === runId ? linked(paint, consoleRunUrl(runId), text) : text;
