// The style of a report page: the colours of the screen's tokens (a test compares them), light and dark by the reader's setting,
// and light on paper.

const LIGHT = `
    --bg: #f4f6f8; --surface: #ffffff; --inset: #eff1f4; --line: #dfe2e7; --line-2: #bfc4cc; --ink: #171c24;
    --ink-2: #474d58; --ink-3: #646b76; --accent: #3350c1; --gain: #03697b; --gain-soft: #e0f4f8; --loss: #bc4004;
    --loss-soft: #ffeee6; --caution: #8a5a00; --caution-soft: #fdf2d7; --heat-0: #872616; --heat-1: #a8401f;
    --heat-2: #ca5a29; --heat-3: #dc8556; --heat-4: #ebaf7f; --heat-5: #f0d0b6; --heat-6: #f2f0ec;
    --heat-7: #c3e1dc; --heat-8: #93d2cd; --heat-9: #63b4b7; --heat-10: #2a96a1; --heat-11: #147188;
    --heat-12: #004e6f;`;

const DARK = `
    --bg: #0c0e12; --surface: #15171c; --inset: #1c1f25; --line: #282b32; --line-2: #434851; --ink: #ebedf0;
    --ink-2: #b1b6bf; --ink-3: #9097a2; --accent: #8ea4f8; --gain: #60d3cd; --gain-soft: #10292c; --loss: #ee7d55;
    --loss-soft: #35201a; --caution: #edc160; --caution-soft: #322814; --heat-0: #fec394; --heat-1: #f59b64;
    --heat-2: #e27641; --heat-3: #b35832; --heat-4: #873b24; --heat-5: #533128; --heat-6: #24272c;
    --heat-7: #203e43; --heat-8: #0b5b62; --heat-9: #187f83; --heat-10: #25a6a6; --heat-11: #64ccbd;
    --heat-12: #97f4d4;`;

/** Colours of months, from far below 0 to far above. */
const HEAT = Array.from({ length: 13 }, (_, at) => {
  const ink = at < 3 || at > 10 ? 'var(--surface)' : 'var(--ink)';
  return `.h${at} { background: var(--heat-${at}); color: ${ink}; }`;
}).join('\n');

export const STYLES = `
:root { color-scheme: light;${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { color-scheme: dark;${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 13px/20px 'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto,
  sans-serif; font-variant-numeric: tabular-nums lining-nums; -webkit-text-size-adjust: 100%; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 20px 40px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
h1 { font-size: 18px; line-height: 26px; font-weight: 600; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 13px; font-weight: 600; margin: 0 0 8px; }
h3 { font-size: 12px; font-weight: 600; margin: 16px 0 4px; }
p { margin: 0 0 8px; overflow-wrap: anywhere; }
header p, .quiet, small { color: var(--ink-3); }
small { display: block; font-size: 11px; line-height: 16px; font-weight: 400; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; min-width: 0; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.sign { width: 1.15em; height: 1.15em; vertical-align: -0.18em; fill: none; stroke: currentColor; stroke-width: 1.5;
  stroke-linecap: round; stroke-linejoin: round; }
.gain { color: var(--gain); }
.loss { color: var(--loss); }
.caution { color: var(--caution); }
.verdict { padding: 0; display: grid; grid-template-columns: minmax(300px, 2fr) minmax(0, 5fr); overflow: hidden; }
.verdict > :only-child { grid-column: 1 / -1; }
.said { padding: 20px 24px; background: var(--inset); color: var(--ink); }
.said.gain, .strip.gain { background: var(--gain-soft); }
.said.loss, .strip.loss { background: var(--loss-soft); }
.said.caution, .strip.caution { background: var(--caution-soft); }
.said h2 { font-size: 28px; line-height: 36px; font-weight: 680; color: var(--tone); }
.said p { font-size: 15px; line-height: 22px; }
.said, .strip { --tone: var(--ink-2); }
.said.gain, .strip.gain { --tone: var(--gain); }
.said.loss, .strip.loss { --tone: var(--loss); }
.said.caution, .strip.caution { --tone: var(--caution); }
.strip { padding: 12px 16px; border-radius: 8px; background: var(--inset); color: var(--ink); }
.strip .sign, .strip strong { color: var(--tone); }
.luck { width: 100%; max-width: 480px; display: block; margin-top: 8px; }
.luck text, .chart text { font-size: 11px; fill: var(--ink-2); }
.luck .own { fill: var(--tone); font-size: 12px; font-weight: 600; }
.luck .dot { fill: var(--tone); stroke: var(--surface); stroke-width: 2; }
.luck .stem { stroke: var(--tone); stroke-dasharray: 2 3; }
.luck .error { stroke: var(--tone); stroke-width: 3; opacity: 0.5; }
.hump { fill: var(--ink-3); opacity: 0.5; }
.hump.dotted { fill: none; opacity: 1; stroke: var(--ink-2); stroke-width: 1.5; stroke-dasharray: 2 3; }
.axis { stroke: var(--line-2); fill: none; }
.checked { min-width: 0; }
.winner { display: flex; flex-wrap: wrap; gap: 8px 24px; padding: 16px 20px; border-bottom: 1px solid var(--line); }
.winner .name { flex: 1 1 240px; }
.winner .name > *, .figure > * { display: block; overflow-wrap: anywhere; }
.figure span { font-size: 11px; color: var(--ink-3); }
.figure b { font-weight: 600; }
.figures-row { display: flex; flex-wrap: wrap; gap: 12px 32px; }
.figures-row b { font-size: 22px; line-height: 28px; }
table { border-collapse: collapse; font-size: 12px; }
th { font-weight: 400; text-align: left; }
.checks { margin: 8px 20px 16px; width: calc(100% - 40px); }
.checks td, .checks th { padding: 4px 12px 4px 0; vertical-align: top; color: var(--ink-2); }
.checks td:first-child { width: 28px; font-size: 14px; }
.checks th { width: 168px; color: var(--ink); }
.checks .deciding { font-weight: 600; }
.checks .line { width: 150px; }
.checks td.gain { color: var(--gain); }
.checks td.loss { color: var(--loss); }
.checks td.caution { color: var(--caution); }
.line svg { width: 132px; height: 12px; display: block; margin-top: 4px; }
.track { stroke: var(--line-2); stroke-width: 2; }
.line .dotted { stroke: var(--ink-3); stroke-dasharray: 1.5 3; }
.tick { stroke: var(--ink-3); }
.reach { stroke: currentColor; stroke-width: 2; }
.line .dot { fill: currentColor; }
.wide { overflow-x: auto; margin: 0 -16px; padding: 0 16px; }
.numbers { width: 100%; }
.numbers th, .numbers td { padding: 4px 8px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
.numbers thead th { color: var(--ink-2); background: var(--inset); font-size: 11px; }
.numbers tbody th { color: var(--ink-3); }
.numbers .ranked { font-weight: 600; }
.months td { border-left: 1px solid var(--surface); }
.small-line { width: 80px; height: 18px; display: block; margin-left: auto; }
.small-line path { fill: none; stroke: var(--ink-2); stroke-width: 1.2; }
.chart { width: 100%; display: block; }
.chart .grid { stroke: var(--line); fill: none; }
.equity { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linejoin: round; }
.held { fill: none; stroke: var(--ink-3); stroke-width: 1.2; stroke-dasharray: 4 3; }
.fall { fill: var(--loss); opacity: 0.35; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; color: var(--ink-2); font-size: 12px; }
.key { display: inline-block; width: 18px; margin-right: 6px; vertical-align: middle; border-top: 2px solid var(--accent); }
.key.held { border-top: 2px dashed var(--ink-3); }
.key.fall { border-top: 8px solid var(--loss); opacity: 0.35; }
.pairs { width: 100%; }
.pairs th, .pairs td { padding: 3px 0; vertical-align: top; }
.pairs th { color: var(--ink-2); padding-right: 16px; min-width: 116px; }
.pairs th, .pairs td, .checks td, .checks th, .strip, .quiet { overflow-wrap: anywhere; }
.figures td, .figures thead th { text-align: right; padding-left: 12px; }
.figures tr + tr > * { border-top: 1px solid var(--line); }
pre { margin: 0; padding: 12px; background: var(--inset); border-radius: 5px; font: 12px/18px ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo,
  Consolas, 'DejaVu Sans Mono', monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
summary { cursor: pointer; font-weight: 600; }
details > :not(summary) { margin-top: 8px; }
footer { color: var(--ink-3); font-size: 12px; }
${HEAT}
@media screen and (prefers-color-scheme: dark) { .h3, .h10 { color: var(--surface); } }
@media (max-width: 760px) {
  main { padding: 16px 10px 32px; }
  .verdict { grid-template-columns: minmax(0, 1fr); }
  .said { padding: 16px; }
  .checks tr { display: grid; grid-template-columns: 28px 1fr 132px; padding: 6px 0; border-top: 1px solid var(--line); }
  .checks tr:first-child { border-top: 0; }
  .checks td, .checks th, .checks .line { width: auto; padding-right: 0; }
  .checks td:last-child { grid-column: 2 / -1; }
  .chart text { font-size: 20px; }
}
@media print {
  body { background: none; font-size: 11px; line-height: 16px; }
  main { max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; }
  .numbers th, .numbers td { padding: 2px 4px; font-size: 10px; }
  tr, svg, .verdict { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;
