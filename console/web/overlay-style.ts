/** The look of drawers and dialogs, and of what is tried. */
export const OVERLAY_STYLE = `
dialog { background: var(--card); color: var(--text); border: 1px solid var(--line); padding: 1.1rem 1.25rem; overflow: auto; overscroll-behavior: contain; }
dialog::backdrop { background: #0008; }
dialog.drawer { margin: 0 0 0 auto; width: min(46rem, 100%); max-width: 100%; height: 100%; max-height: 100%; border-width: 0 0 0 1px; }
dialog.asking { width: min(36rem, calc(100% - 1.5rem)); max-height: calc(100% - 1.5rem); border-radius: 10px; }
dialog .head { position: sticky; top: -1.1rem; background: var(--card); padding: .4rem 0; z-index: 1; }
dialog .head h2 { flex: 1; min-width: 0; overflow-wrap: anywhere; }
dialog h3 { font-size: 1rem; margin: 0 0 .5rem; }
.block { border-top: 1px solid var(--line); padding-top: .8rem; margin-top: .8rem; }
.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; margin: 0 0 .75rem; }
.pairs dt { color: var(--dim); } .pairs dd { margin: 0; overflow-wrap: anywhere; }
.plain { list-style: none; margin: 0 0 .75rem; padding: 0; } .plain li { margin: .3rem 0; overflow-wrap: anywhere; }
.field { display: grid; gap: .25rem; margin: 0 0 .8rem; } .field label { font-weight: 600; }
.field input[type="text"], .field select { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--edge, var(--dim)); border-radius: 6px; padding: .35rem .6rem; min-height: 2.3rem; width: 100%; }
.field input[type="range"] { width: 100%; min-height: 2rem; accent-color: var(--full); }
select:focus-visible, pre:focus-visible, code:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
dialog .acts button { margin-right: .5rem; min-height: 2.4rem; padding: .35rem 1rem; } dialog .main { font-weight: 600; }
[aria-disabled="true"] { opacity: .6; }
.command { display: grid; gap: .4rem; margin-bottom: .75rem; } .command code, .stored { display: block; background: var(--back); border: 1px solid var(--line); border-radius: 6px; padding: .5rem .7rem; font: .85rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.stored { max-height: 24rem; overflow-y: auto; margin: 0 0 .5rem; }
.plot.curve { height: 11rem; } .curve .limit { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4; vector-effect: non-scaling-stroke; }
`;
