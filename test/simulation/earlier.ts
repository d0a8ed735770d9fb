import type { Found } from "./found.ts";

/** Found before worlds had what came to them last. */
export const EARLIER: readonly Found[] = [
  {
    seed: 5_001,
    only: "more=",
    what: "a run that had ended only just was filled in with the figure of that moment, for good",
  },
  {
    seed: 3_016,
    only: "aim=",
    what: "the oracle wanted a tick whose clock was wrong to call to an exempt rule",
  },
  {
    seed: 2_010,
    only: "more=",
    what: "the oracle counted what a run that was filled in as it ended came to later",
  },
  { seed: 901_073, what: "the oracle took what a tick without a list wrote for the begin of watching" },
  {
    seed: 5_626,
    only: "aim=",
    what: "the oracle took a list that lagged, and was read up at once, for a broken row of looks",
  },
  {
    seed: 63,
    only: "aim=/more=",
    storage: "dynamo",
    what: "the oracle took what is usual without the runs that were stopped, among them an Actor's by its tasks",
  },
  {
    seed: 1003,
    only: "more=",
    storage: "dynamo",
    what: "a chain whose head showed before its entry was taken for cut off, and the entry written again",
  },
  {
    seed: 533,
    only: "aim=",
    what: "the state table is put back, and what was stopped in the last hour must count all the same",
  },
  {
    seed: 936,
    only: "aim=",
    what: "a clock is set back by 70 minutes between an answer and what is dated by it",
  },
  {
    seed: 1028,
    only: "aim=",
    what: "the state table is put back to when a run's intent was open and its call without grace was still to come",
  },
  {
    seed: 2372,
    only: "aim=",
    what: "two ticks at one time whose clocks are eleven seconds apart must share what a tick may stop",
  },
  {
    seed: 9107,
    what: "a stop is an hour old by less than the second that clocks agree to",
  },
  {
    seed: 47,
    what: "what another process dated a minute later was taken for a wrong clock's, and a run's time in the queue forgotten",
  },
  {
    seed: 1050,
    only: "aim=",
    what: "a process with a wrong clock, whose token was refused as well, wrote down by it when a run began",
  },
  {
    seed: 20_561,
    what: "the ledger was complete since a first tick that died, without what ended before the next one",
  },
  {
    seed: 100,
    what: "the oracle wanted a run to be known that no list shows, for it is in a status that nobody knows",
  },
  { seed: 1_027, only: "aim=", what: "the same of a run that lives again in such a status" },
  {
    seed: 20_440,
    only: "aim=",
    what: "the oracle wanted budgets to stop nothing for the sake of such a run",
  },
  {
    seed: 20_454,
    only: "aim=/more=",
    what: "the oracle had a tick that stood still for minutes share its allowance all the while",
  },
  {
    seed: 20_584,
    only: "aim=/more=",
    what: "a laptop's clock was wrong in a world whose answers do not show the time",
  },
  {
    seed: 20_731,
    what: "the oracle did not see that whose a token is was asked, for it never reached Apify",
  },
  {
    seed: 20_507,
    only: "aim=",
    what: "a tick whose clock was set back wrote down by it when others' runs began",
  },
  {
    seed: 20_474,
    only: "aim=/more=",
    what: "the oracle measured what was told before a clock was set back by that clock",
  },
  {
    seed: 20_864,
    what: "the oracle had what a clock ahead was shown of a live run spread no further than to its end",
  },
  {
    seed: 20_687,
    only: "aim=/more=",
    what: "a clock is set by 70 minutes while Apify answers, and an intent dated by it",
  },
  { seed: 20_245, what: "the oracle took a cost of 0 beside compute, after more was told, for what it cost" },
  {
    seed: 30_010,
    only: "aim=/more=",
    what: "the oracle did not count what a person was shown who had the ledger filled",
  },
  {
    seed: 1_056,
    only: "aim=",
    what: "stats stand still, and with them the count of lives: the time that a run was dead counted against it",
  },
  { seed: 20_772, what: "the deprecated endpoint could stop no run of an Actor that was deleted" },
  {
    seed: 1_001,
    only: "aim=",
    what: "the oracle wanted a run in the ledger that was deleted before anybody could list it",
  },
  { seed: 2_379, what: "the oracle took a page of something else with 403 for Apify's refusal" },
  { seed: 62, what: "the oracle wanted a notice beside the stop that its rule asks for at the same share" },
  { seed: 40_067, what: "the oracle took what was told of what is typical for what the ledger was told" },
  {
    seed: 40_043,
    only: "more=",
    what: "the answer to a call without grace was lost, and the run then outlived all grace",
  },
  { seed: 40_064, only: "more=", what: "the same, by an answer that nobody can read" },
  {
    seed: 20_121,
    what: "the oracle counted in a budget what was garbled in the list that it was filled from",
  },
  {
    seed: 20_072,
    what: "the oracle wanted a life told apart that began and ended the one before between two lists",
  },
  { seed: 30_203, what: "the oracle wanted a run to be known that lists show three minutes late" },
  {
    seed: 30_095,
    what: "a tick whose clock was set back, and that no answer reached, dated others' looks by it: a correction was missed",
  },
  {
    seed: 61_324,
    what: "a run that no list told so that it could be read for two minutes was not listed again until it was live and readable",
  },
  {
    seed: 61_002,
    what: "the oracle measured how old the ledger was by one clock, where two that differ by half a minute had dated it",
  },
  { seed: 50_142, what: "the oracle estimated more than the cap of a run lets Apify charge" },
  {
    seed: 50_135,
    what: "the oracle took the entry of a call whose answer was lost for that of the next one, which nobody could write",
  },
  {
    seed: 50_118,
    what: "the oracle took an intent for another life's than the one that ran, whose number no answer told",
  },
  {
    seed: 50_190,
    what: "the oracle held an undo to what a user did to its run while the call was on its way",
  },
  {
    seed: 50_676,
    what: "a run that the first tick of all could not read had ended by the next one, and was in no list and no ledger",
  },
  {
    seed: 50_335,
    what: "a tick that saw a run end was overruled by one that saw it live later, and took it for the same life",
  },
  {
    seed: 50_837,
    what: "somebody else's page with 403 kept a run out of the ledger that had ended only just when it was filled",
  },
  {
    seed: 50_273,
    what: "an Actor that could not be read for a minute had no name, and so no budget, for an hour",
  },
  {
    seed: 53_052,
    what: "the oracle wanted stops to be made, or called to, as soon as a pause was over",
  },
];
