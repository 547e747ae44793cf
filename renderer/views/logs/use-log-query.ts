import { useEffect, useMemo, useState } from "react";
import { placeIndex, type PlacedIndex } from "../../../shared/analysis/log-lines/index-places.ts";
import type { LogTemplate } from "../../../shared/analysis/log-lines/line-facets.ts";
import type { LogCondition, LogFilter, LogSearch } from "../../../shared/model/log-query.ts";
import { useAnalysis } from "../../data/queries.ts";
import { useCase } from "../../state/case-store.ts";
import type { Range } from "../../widgets/chart/lane-geometry.ts";
import { useLogs, type LogChoices } from "../../state/log-state.ts";

export const ALL_LINES: LogFilter = {
  conditions: [],
  shapes: null,
  withoutShapes: [],
  search: null,
};

/** All templates with their shapes; asked for when a filter or a person needs them. */
export function useLogTemplates(isNeeded: boolean): readonly LogTemplate[] | undefined {
  const edits = useCase((s) => s.state?.templateEdits);
  return useAnalysis("logTemplates", isNeeded ? { edits: edits ?? [] } : null).data;
}

/** The filter that a person chose, without search and time; null while templates are being read. */
export function useLineFilter(): LogFilter | null {
  const { fields, onlyTemplates, withoutTemplates } = useLogs();
  const byTemplate = onlyTemplates.length > 0 || withoutTemplates.length > 0;
  const templates = useLogTemplates(byTemplate);
  return useMemo(() => {
    if (byTemplate && templates === undefined) return null;
    const shapesOf = (ids: readonly string[]) =>
      (templates ?? []).filter((t) => ids.includes(t.id)).flatMap((t) => t.shapes);
    return {
      conditions: conditionsOf(fields),
      shapes: onlyTemplates.length === 0 ? null : shapesOf(onlyTemplates),
      withoutShapes: shapesOf(withoutTemplates),
      search: null,
    };
  }, [fields, onlyTemplates, withoutTemplates, byTemplate, templates]);
}

function conditionsOf(fields: LogChoices["fields"]): LogCondition[] {
  return (["level", "service", "host"] as const).flatMap((field) => {
    const choice = fields[field];
    return choice === null ? [] : [{ field, ...choice }];
  });
}

/** Typing rests this long before it is searched. */
const SETTLED_MS = 150;

/** What is searched now: the text once typing has rested, and why it cannot be searched. */
export function useSettledSearch(): { search: LogSearch | null; problem: string | null } {
  const typed = useLogs((s) => s.search);
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(typed);
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  const isPattern = settled.syntax === "regex" && settled.text !== "";
  const checked = useAnalysis("logPatternProblem", isPattern ? { search: settled } : null);
  if (settled.text === "" || typed.text === "") return { search: null, problem: null };
  if (!isPattern) return { search: settled, problem: null };
  return { search: checked.data === null ? settled : null, problem: checked.data ?? null };
}

export interface LoadedIndex {
  readonly data: PlacedIndex | undefined;
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly retry: () => void;
}

/** How many lines a filter leaves, and where; null asks nothing. */
export function useLogIndex(
  filter: LogFilter | null,
  bounds: Range | null,
  range: Range | null,
): LoadedIndex {
  const input = useMemo(
    () => (filter === null ? null : { filter, bounds, range }),
    [filter, bounds, range],
  );
  const asked = useAnalysis("logIndex", input);
  const data = useMemo(
    () => (asked.data === undefined ? undefined : placeIndex(asked.data)),
    [asked.data],
  );
  return {
    data,
    error: asked.error,
    isFetching: asked.isFetching,
    retry: () => void asked.refetch(),
  };
}
