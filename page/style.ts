/** The look of every page: no file, font or address but this. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f7f7f5; --card: #fff; --line: #dfe1e5; --ground: #e9ebee; --edge: #858c97;
  --text: #1b1d21; --dim: #565d68; --link: #0a58b0;
  --full: #1f6feb; --pale: #a8c8f7;
  --good: #12692d; --warn: #7d5000; --bad: #b3211a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #111316; --card: #191c20; --line: #2f343b; --ground: #2a2f36; --edge: #737b87;
    --text: #e8eaed; --dim: #a4abb6; --link: #7db5ff;
    --full: #5b9dff; --pale: #2f4f7f;
    --good: #5fd583; --warn: #f1bd5b; --bad: #ff8f86;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; letter-spacing: -.01em; }
h2 { font-size: 1.1rem; line-height: 1.3; margin: 0 0 .75rem; }
p { margin: 0 0 .75rem; max-width: 46rem; }
header p { color: var(--dim); }
a { color: var(--link); text-underline-offset: 2px; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 1.25rem; margin: 1.25rem 0;
}
section > :last-child, figure > :last-child { margin-bottom: 0; }
footer { color: var(--dim); font-size: .85rem; padding-bottom: 2.5rem; }
.id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); } .dim { color: var(--dim); }
.tiles { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1.25rem 0; }
.tiles > div { flex: 1 1 18rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .9rem 1.1rem; }
.tiles dt { color: var(--dim); font-size: .85rem; }
.tiles dd { margin: 0; }
.tiles .value { font-size: 1.4rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em; }
.tiles .note { color: var(--dim); font-size: .85rem; line-height: 1.4; margin-top: .15rem; }
.notes { color: var(--dim); margin: 0 0 .75rem; padding-left: 1.1rem; max-width: 46rem; font-size: .92rem; }
.notes li { margin: .15rem 0; }
.scroll { overflow-x: auto; margin: 0 0 .75rem; }
.scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; font-weight: 400; padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); vertical-align: baseline; white-space: nowrap; }
.wraps { white-space: normal; min-width: 14rem; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--dim); font-size: .78rem; letter-spacing: .03em; }
.right { text-align: right; }
td.good, td.warn, td.bad { font-weight: 600; }
.bar { display: block; width: 100%; min-width: 6rem; height: .6rem; border-radius: 3px; }
.ground { fill: var(--ground); } .pale { fill: var(--pale); } .full { fill: var(--full); }
.pace { stroke: var(--text); stroke-width: 2; vector-effect: non-scaling-stroke; }
.full.good { fill: var(--good); } .full.warn { fill: var(--warn); } .full.bad { fill: var(--bad); }
.plot { display: block; width: 100%; height: 20rem; overflow: visible; font-size: 12px; }
.plot text { fill: var(--dim); paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
.plot .name { fill: var(--text); font-weight: 600; }
.grid { stroke: var(--line); } .band { fill: var(--pale); opacity: .55; }
.edge { fill: none; stroke: var(--full); stroke-width: 2; vector-effect: non-scaling-stroke; } .least { stroke-dasharray: 4 3; }
.reach { stroke: var(--text); stroke-width: 1.5; } .mark { fill: var(--card); stroke: var(--text); stroke-width: 2; } .nth-0 { fill: var(--text); }
figure { margin: 0 0 .75rem; }
figcaption { color: var(--dim); font-size: .92rem; margin: .5rem 0; max-width: 46rem; }
details { margin: .5rem 0; }
summary { cursor: pointer; color: var(--link); padding: .2rem 0; width: fit-content; }
details[open] > summary { margin-bottom: .5rem; }
@media (max-width: 30rem) {
  main, header, footer { padding-left: .75rem; padding-right: .75rem; }
  section { padding: .9rem; }
  .tiles { gap: .6rem; } .tiles > div { flex-basis: 8rem; padding: .7rem .8rem; } .tiles .value { font-size: 1.15rem; }
}
@media print {
  :root {
    --back: #fff; --card: #fff; --line: #bbb; --ground: #ddd; --text: #000; --dim: #333; --link: #000;
    --full: #1f6feb; --pale: #a8c8f7; --good: #12692d; --warn: #7d5000; --bad: #b3211a;
  }
  body { font-size: 11px; }
  * { print-color-adjust: exact; }
  section, .tiles > div { border-radius: 0; }
  .tiles > div, figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; height: auto; }
}
`;
