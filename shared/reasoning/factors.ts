import type { Finding } from "../model/finding.ts";
import { CAUSAL_CHECKS, type CausalCheckName, type Factor } from "../model/reasoning.ts";
import { citedText } from "./why-tree.ts";

/**
 * What each check asks. Adapted from Hill, "The environment and disease:
 * association or causation?", Proceedings of the Royal Society of Medicine 58
 * (1965): viewpoints, not proofs.
 */
export const CHECK_QUESTIONS: Readonly<Record<CausalCheckName, string>> = {
  "order in time": "Did it come before the effect, by a plausible delay?",
  strength: "Is the change large against what usually changes?",
  "dose and response": "Where there was more of it, was there more of the effect?",
  mechanism: "Is each step from it to the effect known and seen?",
  removal: "Did the effect go when it was taken away?",
  elsewhere: "Where it was absent, was the effect absent too?",
  "other explanations": "Were the other explanations looked at and found worse?",
};

/** Supporting checks before a factor may be called a cause. */
const ENOUGH = 3;

/** What was checked of a factor and what was not, in one paragraph. */
export function factorStatement(factor: Factor): string {
  const made = CAUSAL_CHECKS.flatMap((name) => {
    const check = factor.checks[name];
    return check === undefined ? [] : [{ name, ...check }];
  });
  const told = (result: "supports" | "contradicts" | "unclear"): string =>
    made
      .filter((c) => c.result === result)
      .map((c) => (c.note.trim() === "" ? c.name : `${c.name} (${c.note.trim()})`))
      .join(", ");
  const open = CAUSAL_CHECKS.filter((name) => factor.checks[name] === undefined);
  const parts = [
    CLAIMS[factor.claim],
    sentence("Checked and in favour: ", told("supports")),
    sentence("Checked and against: ", told("contradicts")),
    sentence("Checked and unclear: ", told("unclear")),
    sentence("Not checked: ", open.join(", ")),
  ];
  return parts.filter((p) => p !== "").join(" ");
}

const CLAIMS: Readonly<Record<Factor["claim"], string>> = {
  cause: "Claimed as a cause.",
  correlation: "Seen together with the incident; not claimed as a cause.",
  unknown: "Whether it is a cause is not known.",
};

function sentence(begin: string, rest: string): string {
  return rest === "" ? "" : `${begin}${rest}.`;
}

/** Claims that the checks do not carry. */
export function factorWarnings(factor: Factor, findings: readonly Pick<Finding, "id">[]): string[] {
  const results = CAUSAL_CHECKS.flatMap((name) => factor.checks[name]?.result ?? []);
  const supports = results.filter((r) => r === "supports").length;
  const warnings: string[] = [];
  if (factor.claim === "cause") {
    const needed = (["order in time", "mechanism"] as const).filter(
      (name) => factor.checks[name]?.result !== "supports",
    );
    if (needed.length > 0) {
      warnings.push(`It is called a cause, but ${needed.join(" and ")} do not support it yet.`);
    } else if (supports < ENOUGH) {
      warnings.push("It is called a cause on two checks only. Which third one could refute it?");
    }
    if (results.includes("contradicts")) {
      warnings.push(
        "It is called a cause, and a check contradicts it. Say why that does not matter.",
      );
    }
  }
  if (citedText(factor.findingIds, findings) === "") {
    warnings.push("It cites no finding: it stands on its author’s word.");
  }
  return warnings;
}

/** Root causes first, then what contributed, in the order of the list. */
export function orderedFactors(factors: readonly Factor[]): readonly Factor[] {
  return [
    ...factors.filter((f) => f.role === "root cause"),
    ...factors.filter((f) => f.role !== "root cause"),
  ];
}
