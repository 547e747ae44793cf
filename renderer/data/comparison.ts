import { useMemo } from "react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ComparisonDepth } from "../../shared/analysis/compare-depth.ts";
import type { SuspectsInput } from "../../shared/analysis/suspect-material.ts";
import type { Dependency } from "../../shared/model/case.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type { ModelPerformance } from "../../shared/model/model-checks.ts";
import type { RuleSet } from "../../shared/model/rules.ts";
import type { Stability } from "../../shared/model/stability.ts";
import type { Suspect } from "../../shared/model/suspect.ts";
import type { Window } from "../../shared/model/window.ts";
import { useCase } from "../state/case-store.ts";
import { useAnalysis, useTables } from "./queries.ts";

const NO_DEPENDENCIES: readonly Dependency[] = [];
const NO_RULES: readonly RuleSet[] = [];

/** Both windows of the case, or null while one is missing. */
export function useWindowPair(): { baseline: Window; incident: Window } | null {
  const windows = useCase((s) => s.state?.windows);
  const baseline = windows?.baseline ?? null;
  const incident = windows?.incident ?? null;
  return useMemo(
    () => (baseline === null || incident === null ? null : { baseline, incident }),
    [baseline, incident],
  );
}

/** Everything that differs between the windows of the open case. */
export function useComparison(): UseQueryResult<Comparison> {
  const tables = useTables();
  const windows = useWindowPair();
  const rules = useCase((s) => s.state?.rules) ?? NO_RULES;
  return useAnalysis(
    "compareAll",
    windows === null || tables.length === 0
      ? null
      : { tables, windows, ...(rules.length === 0 ? {} : { rules }) },
  );
}

/** What the tables of the open case say about their models, for the report. */
export function useModelPerformance(): UseQueryResult<ModelPerformance> {
  const tables = useTables();
  const windows = useWindowPair();
  return useAnalysis(
    "modelPerformance",
    windows === null || tables.length === 0 ? null : { tables, windows },
  );
}

/** Columns together and by segment, for the report. */
export function useComparisonDepth(): UseQueryResult<ComparisonDepth> {
  const tables = useTables();
  const windows = useWindowPair();
  const { data: comparison } = useComparison();
  return useAnalysis(
    "compareDepth",
    windows === null || comparison === undefined ? null : { comparison, tables, windows },
  );
}

/**
 * Ranked candidates, from the comparison.
 * @param options.keepPrevious those of the question before stay until the answer is
 *   there (`isPlaceholderData`): for a view that says so, never for a report
 */
export function useSuspects(options: { keepPrevious?: boolean } = {}): UseQueryResult<Suspect[]> {
  return useAnalysis("rankSuspects", useSuspectsInput(), options);
}

/** How firm that order is; null asks nothing. */
export function useStability(isAsked: boolean): UseQueryResult<Stability> {
  const input = useSuspectsInput();
  return useAnalysis("rankStability", isAsked ? input : null);
}

function useSuspectsInput(): SuspectsInput | null {
  const tables = useTables();
  const windows = useWindowPair();
  const symptom = useCase((s) => s.state?.symptom ?? null);
  const dependencies = useCase((s) => s.state?.dependencies) ?? NO_DEPENDENCIES;
  const { data: comparison } = useComparison();
  return windows === null || comparison === undefined
    ? null
    : { comparison, tables, windows, symptom, dependencies };
}
