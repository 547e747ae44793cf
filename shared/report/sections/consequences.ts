import type { Audience } from "../../model/reasoning.ts";
import { actionGaps, checkText } from "../../reasoning/actions.ts";
import { factorStatement, factorWarnings, orderedFactors } from "../../reasoning/factors.ts";
import { basisText, courseLengths, errorBudget, impactRows } from "../../reasoning/impact.ts";
import { citedText } from "../../reasoning/why-tree.ts";
import type { Block, Inline } from "../blocks.ts";
import type { ReportDocument } from "../document.ts";
import { duration, number, percent, time } from "../format.ts";
import { paragraph, words, type Sources } from "../prose.ts";
import { inlineTable, plainCell, textTable } from "../tables.ts";

/** Root causes and what contributed, each with what was checked of it and what was not. */
export function factorBlocks(doc: ReportDocument, sources: Sources, audience: Audience): Block[] {
  const { items, findings } = doc.input.state;
  const factors = orderedFactors(items.factors).filter((f) => f.text.trim() !== "");
  if (audience === "executive") {
    if (factors.length === 0) return [];
    return [
      {
        kind: "list",
        ordered: false,
        items: factors.map((f) => [
          words(`${capital(f.role)}: `, { strong: true }),
          ...sources.inlines(f.text),
          words(f.claim === "cause" ? "" : " (not shown to be a cause)", { tone: "muted" }),
        ]),
      },
    ];
  }
  return factors.flatMap((f, index): Block[] => {
    const cited = citedText(f.findingIds, findings);
    const objections = factorWarnings(f, findings);
    return [
      {
        kind: "heading",
        level: 3,
        text: capital(f.role),
        aside: [f.layer, ...(cited === "" ? [] : [cited])].join(", "),
        id: `factor-${index + 1}`,
      },
      { kind: "paragraph", inlines: sources.inlines(f.text) },
      ...sources.authored(f.note),
      paragraph(factorStatement(f), "muted"),
      ...objections.map((text): Block => ({
        kind: "callout",
        tone: "caution",
        title: "",
        inlines: [words(text)],
      })),
    ];
  });
}

/** The lengths that are known of the incident's course. */
export function courseFigures(doc: ReportDocument): { label: string; value: Inline[] }[] {
  return courseLengths(doc.input.state.items.milestones).flatMap((l) =>
    l.length === null
      ? []
      : [
          {
            label: `${l.name.toLowerCase()}${l.estimated ? " (estimate)" : ""}`,
            value: [words(duration(l.length))],
          },
        ],
  );
}

/** Times, numbers with their uncertainty, and service levels. */
export function impactBlocks(doc: ReportDocument, sources: Sources, audience: Audience): Block[] {
  const { items, findings, texts } = doc.input.state;
  const figures = courseFigures(doc);
  const brief = audience === "executive";
  const gap = (texts["detection-gap"] ?? "").trim();
  const gapText: Block[] =
    gap === ""
      ? []
      : [
          {
            kind: "callout",
            tone: "key",
            title: "Why it was not noticed sooner.",
            inlines: sources.inlines(gap),
          },
        ];
  return [
    ...(figures.length === 0 || brief ? [] : [{ kind: "figures" as const, figures }]),
    ...(items.milestones.length === 0 || brief
      ? []
      : [
          textTable(
            "Course of the incident",
            [
              { title: "Milestone", width: 1 },
              { title: "Time", width: 1.8 },
              { title: "Where from", width: 1.4 },
              { title: "Note", width: 3 },
            ],
            [...items.milestones]
              .sort((a, b) => a.at - b.at)
              .map((m) => [
                m.id,
                time(m.at),
                basisText(m.basis, citedText(m.findingIds, findings)),
                m.note.trim() === "" ? "–" : m.note,
              ]),
          ),
        ]),
    ...(items.impacts.length === 0
      ? []
      : [
          inlineTable(
            brief ? "" : "Numbers of the impact",
            [
              { title: "What", width: 3.4 },
              { title: "Low", numeric: true, width: 1 },
              { title: "Likely", numeric: true, width: 1 },
              { title: "High", numeric: true, width: 1 },
              { title: "Unit", width: 1.1 },
              { title: "Where from", width: 1.4 },
            ],
            impactRows(items, findings, number).map((row) => row.map(plainCell)),
          ),
        ]),
    ...budgetBlocks(doc),
    ...gapText,
  ];
}

function budgetBlocks(doc: ReportDocument): Block[] {
  const { items, findings } = doc.input.state;
  if (items.objectives.length === 0) return [];
  const rows = items.objectives.map((objective) => {
    const { budget, bad, share, breached } = errorBudget(objective, items.milestones);
    const { name, target, periodDays, measure, contract, penalty, basis } = objective;
    const outcome =
      breached === null
        ? "not known"
        : breached
          ? `breached${contract && penalty.trim() !== "" ? `: ${penalty.trim()}` : ""}`
          : "kept";
    return [
      `${name}${contract ? " (SLA)" : ""}`,
      `${Number((target * 100).toPrecision(9))} % over ${number(periodDays)} d`,
      budget === null ? "–" : `${number(budget)} ${measure}`,
      bad === null ? "–" : `${number(bad)} ${measure}`,
      share === null ? "–" : percent(share),
      outcome,
      basisText(basis, citedText(objective.findingIds, findings)),
    ];
  });
  return [
    textTable(
      "Error budgets and service levels",
      ["Service level", "Target", "#Budget", "#Bad", "#Used", "Outcome", "Where from"],
      rows,
    ),
  ];
}

/** Actions with owner, date, success metric and the last answer of their checks. */
export function actionBlocks(doc: ReportDocument, sources: Sources, audience: Audience): Block[] {
  const { items, texts } = doc.input.state;
  const brief = audience === "executive";
  const actions = items.actions.filter((a) => a.title.trim() !== "");
  const lessons = brief ? [] : sources.authored(texts.lessons ?? "");
  const heading: Block[] =
    lessons.length === 0 ? [] : [{ kind: "heading", level: 3, text: "Lessons", id: "lessons" }];
  if (actions.length === 0) return [...heading, ...lessons];
  const gaps = brief ? [] : actionGaps(items.actions, items.factors);
  const table = brief
    ? inlineTable(
        "",
        [
          { title: "Action", width: 4 },
          { title: "Owner", width: 1.4 },
          { title: "Due", width: 1 },
          { title: "State", width: 1 },
        ],
        actions.map((a) => [
          sources.inlines(a.title),
          plainCell(a.owner === "" ? "nobody" : a.owner),
          plainCell(a.due === "" ? "–" : a.due),
          plainCell(a.state),
        ]),
      )
    : inlineTable(
        "",
        [
          { title: "Action", width: 2.8 },
          { title: "Kind", width: 1.1 },
          { title: "Owner and due", width: 1.3 },
          { title: "Success metric", width: 2.2 },
          { title: "Check and state", width: 2.4 },
        ],
        actions.map((a) => {
          const answers = items.factors.filter((f) => a.factorIds.includes(f.id));
          const last = a.results.at(-1);
          return [
            [
              ...sources.inlines(a.title),
              ...(answers.length === 0
                ? []
                : [
                    { kind: "break" as const },
                    words(`answers: ${answers.map((f) => f.text).join("; ")}`, { tone: "muted" }),
                  ]),
            ],
            plainCell(a.kind),
            [
              words(a.owner === "" ? "nobody" : a.owner),
              { kind: "break" },
              words(a.due === "" ? "no date" : a.due),
            ],
            a.metric === "" ? plainCell("–") : sources.inlines(a.metric),
            [
              ...(a.check === null
                ? [words("no check")]
                : [words(checkText(a.check), { code: true })]),
              { kind: "break" },
              words(a.state, { strong: true }),
              ...(last === undefined
                ? []
                : [
                    words(
                      `; check ${last.holds ? "holds" : "does not hold"}: ${last.observed} (${last.at.slice(0, 10)}, SHA-256 ${last.resultDigest.slice(0, 16)}…)`,
                      { tone: last.holds ? "good" : "major" },
                    ),
                  ]),
            ],
          ];
        }),
      );
  return [
    table,
    ...gaps.map((text): Block => ({
      kind: "callout",
      tone: "caution",
      title: "",
      inlines: [words(text)],
    })),
    ...heading,
    ...lessons,
  ];
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
