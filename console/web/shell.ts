import { signal } from "@preact/signals";
import { h, type VNode } from "preact";
import { el } from "../../page/el.ts";
import { ActDialog } from "./acts/act-dialog.ts";
import { OpenDrawer } from "./drawers/drawer.ts";
import { titleText } from "./headline.ts";
import { type BudgetsLook, budgetsView } from "./panels/budgets.ts";
import { exemptView } from "./panels/exempt.ts";
import { aboutView, headerView } from "./panels/header.ts";
import { needsOf } from "./panels/needs/needs.ts";
import { knownIn, needsView, speaker } from "./panels/needs/panel.ts";
import { RunsPanel } from "./panels/runs/panel.ts";
import { burningTile, nextTile, savedTile, tilesView } from "./panels/tiles.ts";
import { timelineView } from "./panels/timeline.ts";
import { calmNow, line, now, page, parts } from "./state.ts";
import { actorNames } from "./summary.ts";
import { heldIn, type Report, type Runs, type Status } from "./told.ts";
import { WhatIf } from "./what-if/panel.ts";

/** Each part of the page draws itself again when what it shows changes, and no other does. */

const names = (): BudgetsLook["nameOf"] =>
  actorNames(heldIn<Runs>(parts.runs.value)?.value, heldIn<Report>(parts.report.value)?.value);

const Header = (): VNode => headerView(parts.status.value, line.value, page.value, now.value);

const About = (): VNode => aboutView(parts.status.value, line.value, calmNow.value);

const Tiles = (): VNode => {
  const { runs, report, status } = parts;
  const [at, wire] = [calmNow.value, line.value];
  return tilesView([
    burningTile(runs.value, wire, at),
    nextTile(runs.value, heldIn<Status>(status.value)?.value, { line: wire, now: at, nameOf: names() }),
    savedTile(report.value, wire),
  ]);
};

const calling = () => {
  const { status, runs, exemptions } = parts;
  return { status: status.value, runs: runs.value, exemptions: exemptions.value };
};

const speak = speaker();
const Needs = (): VNode => needsView(calling(), line.value, calmNow.value, speak);

/** The page's title, which a tab shows. */
export const title = (): string => {
  const at = calmNow.value;
  const needs = needsOf(knownIn(calling()), at).length;
  return titleText(parts.status.value, line.value, at, needs);
};

/** A list that shows its first few until all are asked for. */
const unfolding = () => {
  const isAll = signal(false);
  const onAll = (): void => {
    isAll.value = true;
  };
  return () => ({ nameOf: names(), isAll: isAll.value, onAll });
};
const [budgetsLook, timelineLook] = [unfolding(), unfolding()];

const Budgets = (): VNode =>
  budgetsView({ part: parts.status.value, line: line.value, now: calmNow.value }, budgetsLook());

const Timeline = (): VNode =>
  timelineView({ part: parts.timeline.value, line: line.value, now: calmNow.value }, timelineLook());

const Exempt = (): VNode | undefined =>
  exemptView({ part: parts.exemptions.value, line: line.value, now: calmNow.value }, page.value.canAct);

type Drawn = () => VNode;

/** All of the page, and the drawer and the dialog over it. */
export const Shell = (): VNode =>
  el(
    "div",
    { class: "console" },
    el("a", { class: "skip", href: "#runs" }, "Skip to the live runs"),
    h(Header, {}),
    el(
      "main",
      {},
      h(About, {}),
      h(Tiles, {}),
      el("div", { class: "side" }, h(Needs, {}), h(Budgets, {}), h(Exempt as Drawn, {}), h(Timeline, {})),
      el("div", { class: "wide" }, h(RunsPanel, {}), h(WhatIf, {})),
    ),
    h(OpenDrawer as Drawn, {}),
    h(ActDialog as Drawn, {}),
  );
