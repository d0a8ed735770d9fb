import { describe, expect, it } from "vitest";
import { checkAmbient, SYSTEM } from "./architecture/ambient.ts";
import {
  ABORT_SITE,
  checkAbortSites,
  checkDecideCallers,
  checkDisableSites,
  checkEnableSites,
  checkNoteSites,
  checkResurrectSites,
  RESURRECT_SITE,
  reachedFrom,
} from "./architecture/call-sites.ts";
import { checkCircles } from "./architecture/circles.ts";
import { checkFloors } from "./architecture/floors.ts";
import { checkLayers } from "./architecture/layers.ts";
import { checkDefaultExports, checkPaths } from "./architecture/modules.ts";
import { checkFolders, checkHandlers, checkLengths } from "./architecture/sizes.ts";
import { linesWith, read } from "./architecture/sources.ts";
import { checkContext, checkPorts } from "./architecture/wholes.ts";

/** The house as it stands. Each check is a file in test/architecture/, where it is tried on made-up sources too. */
const src = read("src/");
const functions = read("functions/");
const cli = read("cli/");
const product = [...src, ...functions, ...cli, ...read("page/"), ...read("infra/"), ...read("console/")];
const layered = [...product, ...read("emulator/"), ...read("build/")];
const everything = [...layered, ...read("test/"), ...read("bench/")];

describe("the architecture", () => {
  it("is looked at where the code is", () => {
    expect(everything.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        ABORT_SITE,
        SYSTEM,
        "src/policy/judge/decide.ts",
        "cli/main.ts",
        "functions/watchdog.ts",
        "infra/app.ts",
        "emulator/main.ts",
        "bench/main.ts",
        "test/architecture.test.ts",
      ]),
    );
  });

  it("imports along the layers alone", () => {
    expect(checkLayers(layered)).toEqual([]);
  });

  it("imports from floors below, within src/policy, src/watchdog and cli", () => {
    expect(checkFloors(layered)).toEqual([]);
  });

  it("has no circle of files", () => {
    expect(checkCircles(everything)).toEqual([]);
  });

  it("calls abort from one place", () => {
    expect(checkAbortSites(product)).toEqual([]);
  });

  it("resurrects from one place, which no function on AWS reaches", () => {
    expect(checkResurrectSites(product)).toEqual([]);
    expect(checkDisableSites(product)).toEqual([]);
    expect(checkEnableSites(product)).toEqual([]);
    expect(checkNoteSites(product)).toEqual([]);
    const onAws = reachedFrom(
      ["functions/watchdog.ts", "functions/notifier.ts", "functions/courier.ts"],
      layered,
    );
    expect(onAws).toContain("src/watchdog/tick/tick.ts");
    expect(onAws).not.toContain(RESURRECT_SITE);
    expect(reachedFrom(["cli/main.ts"], layered)).toContain(RESURRECT_SITE);
  });

  it("decides where it is listed", () => {
    expect(checkDecideCallers(product)).toEqual([]);
  });

  it("hands the whole of a pass to the tick alone", () => {
    const tick = src.filter(({ path }) => path.startsWith("src/watchdog/tick/"));
    expect(tick.flatMap((each) => linesWith(each, /^export type Context\b/))).toHaveLength(1);
    expect(checkContext(product)).toEqual([]);
  });

  it("hands all ports to those that need them", () => {
    expect(checkPorts(product)).toEqual([]);
  });

  it("takes time, randomness and ids from ports", () => {
    expect(checkAmbient(src)).toEqual([]);
  });

  it("has no default exports", () => {
    expect(checkDefaultExports(layered)).toEqual([]);
  });

  it("can be checked out anywhere, whatever is in the path", () => {
    expect(checkPaths(everything)).toEqual([]);
  });

  it("has folders in which a file is found", () => {
    expect(checkFolders(everything)).toEqual([]);
  });

  it("has files that are read in one go", () => {
    expect(checkLengths(everything)).toEqual([]);
  });

  it("keeps handlers to wiring", () => {
    expect(checkHandlers(functions)).toEqual([]);
  });
});
