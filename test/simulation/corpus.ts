import { EARLIER } from "./earlier.ts";
import type { Found } from "./found.ts";
import { OF_SOURCES } from "./sources/corpus.ts";

export const CORPUS: readonly Found[] = [
  ...EARLIER.map((found) => ({ ...found, only: [found.only, "newer="].filter(Boolean).join("/") })),
  {
    seed: 62_071,
    what: "a tick that had nothing but an empty list to learn from whose its token is did not say what is weaker",
  },
  {
    seed: 62_079,
    what: "a tick took up an intent after a restore, and said it was complete although nobody had taken the call",
  },
  {
    seed: 82,
    what: "a tick recorded a resurrected run and died before it remembered it, and the run ended before the next one",
  },
  { seed: 80_504, what: "the same of another, which had made entries of it, too" },
  {
    seed: 71_260,
    what: "the same of a tick whose clock was set back once it had recorded the run",
  },
  {
    seed: 71_013,
    what: "a tick that could not read a resurrected run was overruled by one that knew it to be over, and it ended",
  },
  {
    seed: 70_286,
    what: "a run that may not be read was taken for gone ten minutes after its end, which a list would have told",
  },
  {
    seed: 81_315,
    what: "a run that the ledger was filled with lived again as it was read, and ended before a tick could see it",
  },
  {
    seed: 80_690,
    what: "a run that nobody knew lived again, and its counts lagged behind its status: its age was taken for its run time",
  },
  {
    seed: 70_283,
    what: "a run lived again three days later, and a correction was taken off the day of its first life, and not off its hours",
  },
  {
    seed: 90_215,
    what: "a run that was gone for minutes went on burning in the projection of a budget, which stopped another",
  },
  { seed: 90_226, what: "somebody else's run was of an Actor that was deleted before it began" },
  { seed: 90_142, what: "the oracle wanted the number of a life that no answer told" },
  { seed: 80_059, what: "the oracle took a list of what is typical for what the ledger was told" },
  { seed: 71_368, what: "the oracle took an answer to somebody who had given up for what was told" },
  {
    seed: 80_931,
    what: "an order by hand was given before any tick had counted again what a restored state table had lost",
  },
  {
    seed: 71_206,
    what: "the oracle took a clock for wrong that a skewed date of Apify's let pass, and forgot what its owner was shown",
  },
  {
    seed: 70_871,
    what: "the oracle wanted a run to be seen whose read was given up before it reached Apify",
  },
  {
    seed: 80_264,
    what: "the oracle wanted a run to be in a list that showed what had been a minute before it began",
  },
  { seed: 70_392, what: "the first token that worked was a stranger's, and so the account that is guarded" },
  {
    seed: 70_743,
    what: "a clock was set back between the look at an exemption's end and the entry about it",
  },
  { seed: 80_174, what: "two ticks read a run at what each of them took for the same instant" },
  {
    seed: 80_038,
    what: "the oracle took a window for unknown that was filled from a list which a cache had left runs out of",
  },
  {
    seed: 80_285,
    what: "the oracle took a life for told apart by an answer that leaves out how many there were",
  },
  { seed: 81_025, what: "a run was resurrected between two looks, and no answer told how many lives it had" },
  {
    seed: 80_201,
    what: "the oracle gave the places of an hour that are kept for runs that burn more to any run",
  },
  {
    seed: 100_517,
    what: "the clock of one who undoes a stop was set back while his process stood still: he called on a look half a minute old",
  },
  {
    seed: 100_728,
    what: "the tables were put back to just before a call without grace was answered, and a second one was sent",
  },
  { seed: 101_120, what: "the same of another run" },
  {
    seed: 100_839,
    what: "the first look through the audit behind a restore failed, and the next one looked back no more than minutes",
  },
  { seed: 100_215, what: "the oracle did not see that what called to a held stop was acknowledged" },
  {
    seed: 101_098,
    what: "the oracle did not see that there was room for a held stop again by its last look",
  },
  {
    seed: 100_301,
    what: "the oracle counted in a budget what Apify told nobody of a run that was over before anybody looked",
  },
  { seed: 100_336, what: "the oracle wanted a life known that one of two who filled the ledger was shown" },
  {
    seed: 101_071,
    what: "the oracle wanted a tick to do well in the calm whose time was over before, for it had stood still",
  },
  {
    seed: 101_543,
    what: "the oracle wanted a run in the ledger that no list shows and a person was shown",
  },
  {
    seed: 101_979,
    what: "a run was recorded no more whose item a restore had taken away, and budgets stopped nothing for as long as it lived",
  },
  ...OF_SOURCES,
];

/** Seeds that show something which is not mended yet: what comes of them is known, and no reason to stop. */
export const OPEN: readonly Found[] = [];
