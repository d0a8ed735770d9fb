import type { Noting, Timed, Writing } from "../model/pass.ts";
import type { ApifyHold, ApifyTime, SchedulesOnApify } from "../model/ports.ts";

/**
 * What holding takes: schedules are read and changed, and what is promised of them is written down with the control state.
 * None of it reaches a run: there is no port to one here.
 */
export type Holding = Timed &
  Noting &
  Writing & { readonly ports: { readonly apify: ApifyHold & ApifyTime & SchedulesOnApify } };
