// The look of the page. Every colour is named once, for light and for dark; the reader's choice of theme needs no script.

export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #0f1317);
  --panel: light-dark(#f5f7f9, #181e25);
  --ink: light-dark(#1b2127, #e7ebf0);
  --muted: light-dark(#59636e, #9aa6b3);
  --rule: light-dark(#d5dbe1, #323c47);
  --s1: light-dark(#1a66c4, #6cb0ff);
  --s2: light-dark(#bd4a0b, #ff9d5c);
  --s3: light-dark(#0b7468, #4ccdbd);
  --s4: light-dark(#7440c9, #bfa1ff);
  --shade: light-dark(#e4e9ee, #28313b);
  --valid: light-dark(#116a33, #56d183);
  --warn: light-dark(#855400, #e8bb4a);
  --invalid: light-dark(#b3261e, #ff8a80);
}
:root:has(#theme-light:checked) { color-scheme: light; }
:root:has(#theme-dark:checked) { color-scheme: dark; }
* { box-sizing: border-box; }
html { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; padding: 1rem 1.5rem 4rem; max-width: 72rem; }
a { color: var(--s1); }
:focus-visible { outline: 3px solid var(--s1); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
header { display: grid; gap: .5rem; border-bottom: 1px solid var(--rule); padding-bottom: 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--rule); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 48rem; }
ul { margin: .5rem 0; padding-left: 1.25rem; }
ul.notes { list-style: none; padding: 0; font-size: .9rem; }
li { overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; }
.verdict { display: inline-block; border: 2px solid; border-radius: .4rem; padding: .05rem .6rem; font-weight: 700; letter-spacing: .03em; }
.VALID, .pass { color: var(--valid); }
.WARN, .warn { color: var(--warn); }
.INVALID, .fail { color: var(--invalid); }
.pass, .warn, .fail { font-weight: 600; }
.muted, .not-measured { color: var(--muted); }
fieldset { border: 1px solid var(--rule); border-radius: .4rem; padding: .1rem .75rem .3rem; width: fit-content; }
fieldset label { margin-right: .75rem; }
.scroll { overflow-x: auto; }
details .scroll { max-height: 24rem; overflow: auto; }
table { border-collapse: collapse; min-width: min(100%, 34rem); font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); padding: .25rem 0; }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .75rem .3rem 0; vertical-align: top; text-align: left; font-weight: 400; }
thead th { font-weight: 600; border-bottom: 2px solid var(--rule); vertical-align: bottom; }
td.text { overflow-wrap: anywhere; }
.short { white-space: nowrap; }
.scroll + .scroll, ul + .scroll { margin-top: 1rem; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
tbody th { font-weight: 600; white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); gap: 1.25rem; margin: 1rem 0; }
figure { margin: 0; background: var(--panel); border: 1px solid var(--rule); border-radius: .5rem; padding: .75rem 1rem; min-width: 0; }
figcaption { font-size: .9rem; min-height: 4.3rem; }
svg { display: block; width: 100%; height: auto; }
summary { cursor: pointer; font-size: .9rem; color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; font-size: .85rem; }
.key { display: inline-block; width: 1rem; height: .7rem; margin-right: .4rem; border-radius: .15rem; background: currentColor; }
.key.s1 { color: var(--s1); } .key.s2 { color: var(--s2); } .key.s3 { color: var(--s3); } .key.s4 { color: var(--s4); }
.key.outside { color: var(--shade); border: 1px solid var(--muted); }
.key.band { color: var(--muted); opacity: .35; }
.key.hollow { background: none; border: 2px solid var(--muted); border-radius: 50%; width: .8rem; height: .8rem; }
svg text { font: 13px system-ui, sans-serif; fill: var(--muted); }
svg .label { fill: var(--ink); }
.middle { text-anchor: middle; }
.end { text-anchor: end; }
.grid { stroke: var(--rule); stroke-width: 1; }
.axis, .tickmark { stroke: var(--muted); stroke-width: 1; }
.s1 { --mark: var(--s1); } .s2 { --mark: var(--s2); } .s3 { --mark: var(--s3); } .s4 { --mark: var(--s4); }
.line { fill: none; stroke: var(--mark); stroke-width: 1.75; stroke-linejoin: round; }
.line.thin { stroke-width: 1.1; stroke-opacity: .6; }
.line.thick { stroke-width: 2.75; }
.marks circle { fill: var(--mark); }
.marks circle.hollow { fill: var(--panel); stroke: var(--mark); stroke-width: 2; }
.interval { fill: none; stroke: var(--mark); stroke-width: 1.5; }
rect.band { fill: var(--mark); fill-opacity: .16; }
.median { stroke: var(--mark); stroke-width: 1.5; stroke-dasharray: 6 4; }
.bar { fill: var(--mark); }
rect.outside { fill: var(--shade); }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
footer { margin-top: 3rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: .9rem; }
@media print {
  :root, :root:has(#theme-dark:checked) { color-scheme: light; }
  html { font-size: 11pt; }
  body { max-width: none; padding: 0; }
  nav, fieldset, .skip, figure details { display: none; }
  figure, tr, .whole { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  .charts { grid-template-columns: 1fr 1fr; }
  * { print-color-adjust: exact; }
}
`;

/** What the page's Content-Security-Policy allows: this style and nothing else. A test holds it against the style. */
export const PAGE_STYLE_HASH = 'sha256-hUImt5vFV93C7Am8jBcb6XjYeZXu4L9U0dkSLbwMR6I=';
