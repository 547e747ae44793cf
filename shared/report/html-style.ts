import { LIGHT } from "../model/palette.ts";

/** Style of the report: on paper and on a screen the same, since paper decides. */
export const STYLE = `
:root { --baseline: ${LIGHT.baseline}; --incident: ${LIGHT.incident}; --text: ${LIGHT.text}; --muted: ${LIGHT.muted}; --grid: ${LIGHT.grid}; --accent: ${LIGHT.accent}; }
@page { size: A4; margin: 18mm 16mm 20mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 860px; padding: 28px 24px 60px; background: #fff; color: var(--text); font: 13px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
h1 { margin: 0 0 2px; font-size: 25px; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 34px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--grid); font-size: 17px; break-after: avoid; }
h3 { margin: 0 0 4px; font-size: 14px; overflow-wrap: anywhere; break-after: avoid; }
p { margin: 0 0 8px; }
h2 + p.muted { break-after: avoid; }
.muted { color: var(--muted); }
.lead { font-size: 14px; }
.windows { margin: 10px 0; }
.windows div { margin: 2px 0; }
.mark { display: inline-block; width: 11px; height: 11px; margin-right: 7px; border: 1.5px solid; border-radius: 2px; vertical-align: -1px; }
.mark-baseline { border-color: var(--baseline); background: var(--baseline); }
.mark-incident { border-color: var(--incident); background: repeating-linear-gradient(45deg, var(--incident) 0 2px, transparent 2px 4px); }
.verdict { margin: 12px 0 0; padding: 8px 12px; border-left: 3px solid var(--accent); background: #f4f7fb; font-size: 14px; }
.numbers { display: flex; flex-wrap: wrap; gap: 6px 34px; margin: 0 0 10px; }
.numbers div { display: flex; flex-direction: column-reverse; }
.numbers dt { color: var(--muted); font-size: 12px; }
.numbers dd { margin: 0; font-size: 19px; font-weight: 600; }
.card { margin: 0 0 20px; padding: 12px 14px; border: 1px solid var(--grid); border-radius: 5px; }
figure { margin: 10px 0; break-inside: avoid; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { margin-bottom: 4px; font-size: 12px; font-weight: 600; }
table { width: 100%; border-collapse: collapse; font-size: 12px; }
table.brief { break-inside: avoid; }
caption { padding: 6px 0 4px; color: var(--muted); font-size: 12px; text-align: left; }
h3 .muted { font-weight: 400; }
thead { display: table-header-group; break-inside: avoid; break-after: avoid; }
tr { break-inside: avoid; }
th { padding: 3px 8px 3px 0; border-bottom: 1px solid var(--muted); color: var(--muted); font-weight: 600; text-align: left; vertical-align: bottom; }
td { padding: 3px 8px 3px 0; border-bottom: 1px solid var(--grid); vertical-align: top; overflow-wrap: anywhere; }
th.num, td.num { text-align: right; white-space: nowrap; }
td.nowrap { white-space: nowrap; }
table.small { width: auto; min-width: 55%; margin: 6px 0; }
table.small td:not(:last-child), table.small th { white-space: nowrap; }
.keep { break-inside: avoid; }
.legend { margin: 8px 0 0; padding: 0; list-style: none; color: var(--muted); font-size: 11.5px; }
.source { margin: 10px 0 0; padding-top: 7px; border-top: 1px dashed var(--grid); color: var(--muted); font-size: 11.5px; overflow-wrap: anywhere; }
code { unicode-bidi: isolate; overflow-wrap: anywhere; }
code, pre, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11px; }
pre { margin: 4px 0 8px; padding: 8px 10px; border: 1px solid var(--grid); border-radius: 4px; background: #f8f9fb; white-space: pre-wrap; overflow-wrap: anywhere; }
.major { color: #b42318; font-weight: 600; }
.minor { color: #8a5a00; font-weight: 600; }
.good { color: #1c6e42; }
.status { display: inline-block; margin-right: 6px; padding: 0 7px; border: 1px solid #8a5a00; border-radius: 3px; color: #8a5a00; font-weight: 600; }
.status.final { border-color: #1c6e42; color: #1c6e42; }
.callout { margin: 0 0 12px; padding: 6px 12px; border-left: 3px solid #8a5a00; background: #fdf6e7; break-inside: avoid; }
.callout p { margin: 2px 0; }
.callout.good { border-left-color: #1c6e42; background: #eef7f1; color: inherit; }
.callout.key { border-left-color: var(--accent); background: #f4f7fb; }
.figure { white-space: nowrap; }
.figure sup { margin-left: 1px; font-size: 9px; }
.figure a { color: var(--accent); text-decoration: none; }
.by-hand { border-bottom: 1px dotted #8a5a00; }
.by-hand sup a { color: #8a5a00; }
.notes { padding-left: 22px; color: var(--muted); font-size: 11.5px; }
.notes li { margin-bottom: 4px; overflow-wrap: anywhere; }
.sortable { cursor: pointer; }
th[aria-sort="ascending"]::after { content: " ↑"; }
th[aria-sort="descending"]::after { content: " ↓"; }
.page-break { break-after: page; }
footer { margin-top: 40px; padding-top: 8px; border-top: 1px solid var(--grid); color: var(--muted); font-size: 11.5px; }
@media print { body { max-width: none; padding: 0; } .source { break-before: avoid; } .verdict { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
`;
