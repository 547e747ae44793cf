import type { UseQueryResult } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  comparisonPart,
  eventsPart,
  modelPart,
  notesPart,
  parametersPart,
  stacksPart,
  templatesPart,
  type BoardPart,
} from "../../shared/analysis/board/board-rows.ts";
import type { LogComparison } from "../../shared/model/log-comparison.ts";
import type { TemplateEdit } from "../../shared/model/template-edit.ts";
import type { TimelineNote } from "../../shared/model/timeline-note.ts";
import { useCase } from "../state/case-store.ts";
import type { BoardMaterial } from "./board-actions.ts";
import { useComparison, useModelPerformance, useSuspects, useWindowPair } from "./comparison.ts";
import { useAnalysis, useTables } from "./queries.ts";

const NO_EDITS: readonly TemplateEdit[] = [];
const NO_NOTES: readonly TimelineNote[] = [];

/** One source of the board: what it found, that it is still at it, or why it stopped. */
export interface BoardSourceState {
  readonly name: string;
  readonly part: BoardPart | null;
  readonly error: string | null;
}

export interface Board {
  readonly sources: readonly BoardSourceState[];
  /** µs UTC from which on rows moved, by id, as far as the ranking knows. */
  readonly onsets: ReadonlyMap<string, number>;
  /** What a row is made of. */
  readonly material: BoardMaterial;
}

/** Everything that differs between the windows, from every source, each as soon as it is known. */
export function useBoard(): Board {
  const tables = useTables();
  const windows = useWindowPair();
  const edits = useCase((s) => s.state?.templateEdits) ?? NO_EDITS;
  const notes = useCase((s) => s.state?.timelineNotes) ?? NO_NOTES;
  const logs = tables.find((t) => t.name === "logs") ?? null;
  const logsInput = useMemo(
    () => (logs === null || windows === null ? null : { logs, windows, edits }),
    [logs, windows, edits],
  );
  const comparison = useComparison();
  const templates = useAnalysis("compareLogTemplates", logsInput);
  const parametersInput = useMemo(
    () => (logsInput === null ? null : { ...logsInput, templateId: null }),
    [logsInput],
  );
  const parameters = useAnalysis("compareLogParameters", parametersInput);
  const stacks = useAnalysis("compareStacks", logsInput);
  const model = useModelPerformance();
  const events = useAnalysis("boardEvents", windows === null ? null : { tables, windows });
  const suspects = useSuspects();

  // What lines are about is said by their templates: without them nothing of it can stand there.
  const withTemplates = <T>({ data, error }: Asked<T>): Asked<[T, LogComparison]> => ({
    data: data === undefined || templates.data === undefined ? undefined : [data, templates.data],
    error: error ?? templates.error,
  });
  const sources: BoardSourceState[] = [
    stateOf("columns, series and tables", comparison, comparisonPart),
    ...(logs === null
      ? []
      : [
          stateOf("statements of the logs", templates, templatesPart),
          stateOf("numbers in log lines", withTemplates(parameters), ([p, t]) =>
            parametersPart(p, t),
          ),
          stateOf("stack traces", withTemplates(stacks), ([s, t]) => stacksPart(s, t)),
        ]),
    stateOf("outcomes of models", model, modelPart),
    stateOf("events and notes", events, (e) => {
      const own = eventsPart(e);
      if (windows === null || e.from === null) return own;
      return { ...own, rows: [...own.rows, ...notesPart(notes, windows, e.from).rows] };
    }),
  ];
  const onsets = useMemo(
    () =>
      new Map(
        // An event is a suspect by what moved after it: its time is not theirs.
        (suspects.data ?? [])
          .filter(({ kind }) => kind !== "event")
          .flatMap(({ onset, shiftIds }) =>
            onset === null ? [] : shiftIds.map((id) => [id, onset.at] as const),
          ),
      ),
    [suspects.data],
  );

  const material: BoardMaterial = {
    ...{ tables, logsInput },
    comparison: comparison.data,
    templates: templates.data,
    parameters: parameters.data,
    stacks: stacks.data,
    model: model.data,
    events: events.data,
  };
  return { sources, onsets, material };
}

type Asked<T> = Pick<UseQueryResult<T>, "data" | "error">;

function stateOf<T>(
  name: string,
  { data, error }: Asked<T>,
  read: (data: T) => BoardPart,
): BoardSourceState {
  return {
    name,
    part: data === undefined ? null : read(data),
    error: error === null ? null : error.message,
  };
}
