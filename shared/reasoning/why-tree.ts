import type { Finding } from "../model/finding.ts";
import type { Why } from "../model/reasoning.ts";

/** A "because" with those that answer why it happened. */
export interface WhyBranch {
  readonly why: Why;
  /** `1.2.1` */
  readonly number: string;
  /** 1 for an answer to the problem itself. */
  readonly depth: number;
  readonly children: readonly WhyBranch[];
}

export type WhyWarningKind =
  | "ends in technology"
  | "ends in people"
  | "nobody asked why it was not noticed"
  | "single line"
  | "not deep"
  | "no source"
  | "rests on an assumption";

export interface WhyWarning {
  readonly kind: WhyWarningKind;
  /** Null where the whole tree is meant. */
  readonly whyId: string | null;
  readonly text: string;
}

/** Questions before one may stop; fewer is seldom the end. */
const DEEP = 3;

/**
 * The answers as a tree. What names a parent that is not there stands at the
 * top; of a circle the first in the list does.
 */
export function whyTree(whys: readonly Why[]): WhyBranch[] {
  const placed = new Set<string>();
  const known = new Set(whys.map((w) => w.id));
  const branch = (why: Why, number: string, depth: number): WhyBranch => {
    placed.add(why.id);
    const children = whys
      .filter((w) => w.parentId === why.id && !placed.has(w.id))
      .map((w, i) => branch(w, `${number}.${i + 1}`, depth + 1));
    return { why, number, depth, children };
  };
  const roots: WhyBranch[] = [];
  const isTop = (w: Why): boolean => w.parentId === null || !known.has(w.parentId);
  for (const why of whys) {
    if (isTop(why)) roots.push(branch(why, String(roots.length + 1), 1));
  }
  for (const why of whys) {
    if (!placed.has(why.id)) roots.push(branch(why, String(roots.length + 1), 1));
  }
  return roots;
}

/** Every branch in the order in which it is read. */
export function flattened(tree: readonly WhyBranch[]): WhyBranch[] {
  return tree.flatMap((b) => [b, ...flattened(b.children)]);
}

/**
 * What a reader who does not believe it would ask of the tree. After Ohno,
 * "Toyota Production System" (1988), with the objections of Card, "The problem
 * with '5 whys'", BMJ Quality & Safety 26 (2017): one line of causes, stopping
 * at the first technical fix, answers that nobody checked.
 */
export function whyWarnings(
  whys: readonly Why[],
  findings: readonly Pick<Finding, "id">[],
): WhyWarning[] {
  if (whys.length === 0) return [];
  const tree = whyTree(whys);
  const all = flattened(tree);
  return [
    ...all.flatMap((b) => ofBranch(b, findings)),
    ...(all.some((b) => b.why.area === "detection")
      ? []
      : [
          {
            kind: "nobody asked why it was not noticed",
            whyId: null,
            text: "No branch asks why nobody noticed: detection and monitoring are half of every incident.",
          } as const,
        ]),
    ...singleLine(tree),
  ];
}

function ofBranch(
  { why, depth, children, number }: WhyBranch,
  findings: readonly Pick<Finding, "id">[],
): WhyWarning[] {
  const warnings: WhyWarning[] = [];
  const warn = (kind: WhyWarningKind, text: string) => {
    warnings.push({ kind, whyId: why.id, text });
  };
  const cited = why.findingIds.some((id) => findings.some((f) => f.id === id));
  const empty = why.text.trim() === "";
  if (children.length === 0 && !empty) {
    if (why.area === "technology" || why.area === "product") {
      warn(
        "ends in technology",
        `${number} ends in something technical. Why could it happen, and why did nobody notice?`,
      );
    } else if (why.area === "people") {
      warn(
        "ends in people",
        `${number} ends with people. What made it the sensible thing to do at the time?`,
      );
    } else if (depth < DEEP) {
      warn("not deep", `${number} stops after ${depth === 1 ? "one answer" : `${depth} answers`}.`);
    }
  }
  if (!cited && !why.assumption && !empty) {
    warn("no source", `${number} cites no finding and is not marked as an assumption.`);
  }
  if (!cited && why.assumption && children.length > 0) {
    warn("rests on an assumption", `What stands below ${number} rests on an assumption.`);
  }
  return warnings;
}

function singleLine(tree: readonly WhyBranch[]): WhyWarning[] {
  const all = flattened(tree);
  const forks = tree.length > 1 || all.some((b) => b.children.length > 1);
  if (forks || all.length < 2) return [];
  return [
    {
      kind: "single line",
      whyId: null,
      text: "One line of causes: most incidents need several things to come together. What else had to be so?",
    },
  ];
}

/** A line of the tree as a report shows it. */
export interface WhyLine {
  readonly number: string;
  readonly depth: number;
  readonly text: string;
  readonly area: Why["area"];
  /** `F2, F5`, `assumption`, or `no source yet`. */
  readonly sources: string;
}

/** The tree for readers, in order, without empty answers. */
export function whyOutline(
  whys: readonly Why[],
  findings: readonly Pick<Finding, "id">[],
): WhyLine[] {
  return flattened(whyTree(whys))
    .filter((b) => b.why.text.trim() !== "")
    .map(({ why, number, depth }) => ({
      number,
      depth,
      text: why.text,
      area: why.area,
      sources:
        citedText(why.findingIds, findings) || (why.assumption ? "assumption" : "no source yet"),
    }));
}

/** `F2, F5`; empty where none of them is in the case. */
export function citedText(
  findingIds: readonly string[],
  findings: readonly Pick<Finding, "id">[],
): string {
  return findings
    .flatMap((f, index) => (findingIds.includes(f.id) ? [`F${index + 1}`] : []))
    .join(", ");
}
