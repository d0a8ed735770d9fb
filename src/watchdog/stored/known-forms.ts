import * as v from "valibot";
import type { KnownTypical, Name } from "../model/ports.ts";
import { count, isoDate, number } from "./forms.ts";

export const nameForm: v.GenericSchema<unknown, Name> = v.object({
  name: v.exactOptional(v.string()),
  readAt: isoDate,
});

const typicalFigure = v.object({ median: number, runs: count, stopped: v.exactOptional(count) });
export const typicalForm: v.GenericSchema<unknown, KnownTypical> = v.object({
  typical: v.exactOptional(
    v.object({
      usageTotalMicroUsd: v.exactOptional(typicalFigure),
      runTimeSecs: v.exactOptional(typicalFigure),
    }),
  ),
  readAt: isoDate,
});
