import { STYLE } from "../../page/style.ts";
import { OVERLAY_STYLE } from "./overlay-style.ts";

/** The look of the console: that of every page, and what only this one has. Widths are those of a phone, a tablet and a desk. */
export const CONSOLE_STYLE = `${STYLE}${OVERLAY_STYLE}.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; z-index: 9; } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .3rem .6rem; }
.console main, .console header > * { max-width: 90rem; margin-left: auto; margin-right: auto; padding-left: 1.25rem; padding-right: 1.25rem; }
.console p { max-width: none; }
.console section { margin: 0; padding: 1rem 1.1rem; min-width: 0; }
.console main { display: grid; gap: 1rem; padding-top: 1rem; padding-bottom: 2rem; grid-template-columns: minmax(0, 1fr); }
.console .tiles { margin: 0; display: grid; gap: 1rem; grid-template-columns: repeat(3, minmax(0, 1fr)); }
.side, .wide { display: contents; } .runs-area, #timeline { min-width: 0; }
#timeline { order: 1; } #what-if { order: 2; }

.top { position: sticky; top: 0; z-index: 5; max-width: none; padding: .6rem 0 .55rem; background: var(--card); border-bottom: 1px solid var(--line); border-top: 5px solid var(--tone); }
.top.good { --tone: var(--good); } .top.dim { --tone: var(--full); } .top.warn { --tone: var(--warn); } .top.bad { --tone: var(--bad); }
.top, .top.dim, .top.good, .top.warn { color: var(--text); }
.top.bad { background: var(--bad); color: var(--card); } .top.bad p, .top.bad .dim { color: inherit; }
.state { display: flex; align-items: center; gap: .25rem .6rem; flex-wrap: wrap; }
.state h1 { font-size: 1.25rem; margin: 0; color: var(--tone); }
.state h1::first-letter { text-transform: uppercase; }
.top.bad h1, .top.bad .icon { color: inherit; }
.icon { color: var(--tone); fill: currentColor; flex: none; }
.icon .hollow { fill: none; stroke: currentColor; stroke-width: 3; }
.grow { flex: 1; }
.top .says { margin-top: .15rem; margin-bottom: 0; font-size: .92rem; overflow-wrap: anywhere; }
.about p { margin: 0; overflow-wrap: anywhere; }

button { font: inherit; font-size: .85rem; color: var(--text); background: var(--card); border: 1px solid var(--edge); border-radius: 6px; padding: .25rem .7rem; min-height: 2rem; cursor: pointer; }
button:hover { border-color: var(--text); }
.stop { color: var(--bad); border-color: currentColor; font-weight: 600; }
.quiet { margin-top: .75rem; width: 100%; }
button:focus-visible, input:focus-visible, .console a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.top.bad :focus-visible { outline-color: currentColor; }

.head { display: flex; align-items: center; gap: .75rem; justify-content: space-between; margin-bottom: .6rem; min-height: 2rem; }
.head h2 { margin: 0; min-width: 5.2rem; }
.small { font-size: .85rem; line-height: 1.4; margin: .2rem 0; }
.said { border-left: 3px solid currentColor; padding: .1rem 0 .1rem .7rem; font-size: .92rem; margin: 0 0 .7rem; overflow-wrap: anywhere; }
.old { filter: grayscale(1); border-left: 3px dashed var(--edge); padding-left: .7rem; }
.line > :first-child:not(.name) { flex: none; }
.line { display: flex; justify-content: space-between; align-items: baseline; gap: .75rem; font-size: .92rem; }
.name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.full.dim { fill: var(--edge); }

.count:not(:empty) { background: var(--bad); color: var(--card); border-radius: 99px; padding: 0 .55rem; font-weight: 600; font-size: .85rem; }
.needs, .budgets, .timeline { list-style: none; margin: 0; padding: 0; }
.needs li { display: flex; gap: .6rem; padding: .55rem 0; border-top: 1px solid var(--line); font-size: .92rem; line-height: 1.4; }
.needs li:first-child, .timeline li:first-child, .budgets li:first-child { border-top: 0; padding-top: 0; }
.needs .icon { margin-top: .2rem; color: inherit; } .needs span { color: var(--text); min-width: 0; overflow-wrap: anywhere; }
.budgets li, .timeline li { padding: .6rem 0; border-top: 1px solid var(--line); }
.budgets .bar { margin: .3rem 0; height: .7rem; }
.timeline .small, .timeline .small .name { overflow-wrap: anywhere; white-space: normal; }
.name, .under a { unicode-bidi: isolate; } .next .under { white-space: normal; }
.word { font-weight: 600; font-size: .78rem; letter-spacing: .03em; text-transform: uppercase; text-decoration: none; }
.word:hover { text-decoration: underline; }
.word.bad { color: var(--bad); } .word.warn { color: var(--warn); } .word.good { color: var(--good); }
.timeline time { white-space: nowrap; }

.filter { position: relative; flex: 0 1 15rem; min-width: 0; }
.filter input { font: inherit; font-size: .92rem; width: 100%; min-height: 2rem; color: inherit; background: var(--back); border: 1px solid var(--edge); border-radius: 6px; padding: .2rem 1.8rem .2rem .6rem; }
kbd { position: absolute; right: .5rem; top: .35rem; font: .75rem ui-monospace, monospace; color: var(--dim); border: 1px solid var(--line); border-radius: 4px; padding: 0 .35rem; pointer-events: none; }
.filter input:focus + kbd { display: none; }

/* Rows are grids: of many, those out of sight are then not laid out. */
.runs, .runs thead, .runs tbody { display: block; }
.runs tr { display: grid; grid-template-columns: minmax(0, 29fr) 10.5rem minmax(0, 24fr) minmax(0, 20fr); gap: 0 1rem; border-top: 1px solid var(--line); padding: .5rem 0; }
.runs.acting tr { grid-template-columns: minmax(0, 29fr) 10.5rem minmax(0, 22fr) minmax(0, 18fr) 9rem; }
.runs tbody tr { min-height: 3.6rem; } .many tbody tr { content-visibility: auto; contain-intrinsic-size: auto 3.6rem; }
.runs th, .runs td { padding: 0; border: 0; white-space: normal; min-width: 0; }
.runs thead tr { border: 0; padding-top: 0; }
.body > :last-child { margin-bottom: 0; }
.runs .name { display: block; font-weight: 600; color: var(--text); text-decoration: none; } .runs .name:hover { text-decoration: underline; }
.under { display: block; font-size: .82rem; color: var(--dim); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.under.warn { color: var(--warn); }
.wide { display: block; }
.cost > div, .gauge { display: flex; align-items: center; gap: .6rem; } .gauge strong { min-width: 2.8rem; } .gauge .bar { flex: 1; min-width: 3rem; }
.amount { font-weight: 600; min-width: 4.4rem; white-space: nowrap; }
.spark { flex: none; overflow: visible; } .spark .edge { stroke-width: 1.5; } .spark .grid { stroke-dasharray: 3 3; stroke: var(--bad); }
.runs .acts { text-align: right; white-space: nowrap; } .acts button + button { margin-left: .4rem; }
.gone { opacity: .6; } .stopping { background: color-mix(in srgb, var(--bad) 8%, transparent); }

@media (min-width: 70rem) {
  .console main { grid-template-columns: minmax(0, 1fr) 21rem; grid-template-rows: auto auto 1fr; }
  .console .tiles, .about { grid-column: 1 / -1; }
  .wide, .side { display: grid; gap: 1rem; align-content: start; min-width: 0; grid-row: 3; }
  .wide { grid-column: 1; } .side { grid-column: 2; }
}
@media (max-width: 44rem) {
  .console main, .console header > * { padding-left: .75rem; padding-right: .75rem; }
  .console .tiles { grid-template-columns: minmax(0, 1fr); gap: .6rem; }
  .console section { padding: .8rem .85rem; }
}
@media (max-width: 60rem) {
  .runs thead { display: none; }
  .runs tr, .runs.acting tr { grid-template-columns: minmax(0, 3fr) minmax(0, 4fr) auto; grid-auto-flow: column; grid-template-rows: auto auto; gap: .3rem 1.2rem; padding: .7rem 0; }
  .runs .acts { grid-row: span 2; align-self: center; }
}
@media (max-width: 44rem) {
  .runs tr, .runs.acting tr { grid-auto-flow: row; grid-template-columns: minmax(0, 1fr) 5.2rem; grid-template-rows: none; gap: .3rem .75rem; }
  .runs .who .under { white-space: normal; } .many tbody tr { contain-intrinsic-size: auto 11rem; }
  .runs .limit, .runs .next, .runs .acts { grid-column: 1 / -1; grid-row: auto; }
  .runs .cost { text-align: right; } .runs .cost > div { display: block; } .runs .spark { margin-left: auto; display: block; }
  .runs .acts { text-align: left; } .runs .acts button { margin: .3rem .5rem 0 0; min-height: 2.75rem; padding: .4rem 1.2rem; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; scroll-behavior: auto !important; } }
@media (forced-colors: active) { .full { fill: Highlight; } .ground { fill: Canvas; stroke: CanvasText; } }
`;
