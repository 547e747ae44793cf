import { formatIso, type EvidenceTime } from "../base/time.ts";
import type { CaseState } from "../model/case.ts";
import type { CaseDigest } from "../model/library.ts";
import type { Layer } from "../model/role.ts";

/** A case in short. `id` and `place` are those of its folder. */
export function digestOf(state: CaseState, id: string, place: string): CaseDigest {
  const { factors, milestones, actions } = state.items;
  const at = (name: string): string | null => {
    const milestone = milestones.find((m) => m.id === name);
    return milestone === undefined ? null : formatIso(milestone.at as EvidenceTime);
  };
  const { incident } = state.windows;
  const began = incident?.from ?? null;
  const roots = factors.filter((f) => f.role === "root cause");
  return {
    id,
    name: state.name,
    place,
    origin: "case",
    started: at("started") ?? (began === null ? null : formatIso(began as EvidenceTime)),
    detected: at("detected"),
    mitigated: at("mitigated"),
    resolved: at("resolved"),
    layers: unique(roots.length > 0 ? roots.map((f) => f.layer) : layersOfHypotheses(state)),
    rootCauseKnown: roots.length > 0,
    factors: factors.map(({ text, role, layer }) => ({ text, role, layer })),
    suspects: suspectsOf(state),
    actions: actions.map(({ title, owner, due, state: status }) => ({
      title,
      owner,
      due,
      state: status,
    })),
    text: [
      state.name,
      state.summary,
      state.texts.problem ?? "",
      ...state.findings.flatMap((f) => [f.title, f.note]),
      ...factors.map((f) => f.text),
      ...state.items.hypotheses.map((h) => h.title),
      ...state.timelineNotes.map((n) => n.text),
    ].join("\n"),
  };
}

/** Where nobody said what the root cause is, what is thought of. */
function layersOfHypotheses(state: CaseState): Layer[] {
  return state.items.hypotheses.map((h) => h.layer);
}

/** Names in backticks of findings that put a suspect or a shift on record, and the symptom. */
function suspectsOf(state: CaseState): string[] {
  const named = state.findings
    .filter((f) => f.kind === "suspect" || f.kind === "shift")
    .flatMap((f) => [...f.statement.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? ""));
  const symptom = state.symptom === null ? [] : [state.symptom.metric];
  return unique([...named, ...symptom].filter((name) => name !== ""));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
