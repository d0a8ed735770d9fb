import * as v from "valibot";
import type { KnownTypical, Name } from "../model/ports.ts";
import { count, isoDate, list, number } from "./forms.ts";

export const nameForm: v.GenericSchema<unknown, Name> = v.looseObject({
  name: v.exactOptional(v.string()),
  readAt: isoDate,
  readUnder: v.exactOptional(count),
  knownAt: v.exactOptional(isoDate),
  ownerId: v.exactOptional(v.string()),
  unreadable: v.exactOptional(v.picklist(["gone", "forbidden"])),
  goneUnder: v.exactOptional(count),
  earlier: v.exactOptional(list(v.looseObject({ name: v.string(), until: isoDate }))),
  former: v.exactOptional(list(v.looseObject({ name: v.string(), policyVersion: v.exactOptional(count) }))),
});

const typicalFigure = v.looseObject({ median: number, runs: count, stopped: v.exactOptional(count) });
export const typicalForm: v.GenericSchema<unknown, KnownTypical> = v.looseObject({
  typical: v.exactOptional(
    v.looseObject({
      usageTotalMicroUsd: v.exactOptional(typicalFigure),
      runTimeSecs: v.exactOptional(typicalFigure),
    }),
  ),
  readAt: isoDate,
});
