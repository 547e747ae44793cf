import {
  QueryClient,
  keepPreviousData,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useMemo } from "react";
import { tablesOfEvidence } from "../../shared/analysis/tables-of-case.ts";
import type { AnalysisName, AnalysisInput, AnalysisOutput } from "../../shared/analysis/index.ts";
import type { Result } from "../../shared/base/result.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { EngineError } from "../../shared/tables/engine.ts";
import { useCase } from "../state/case-store.ts";
import { getEngine } from "./services.ts";

/**
 * Asynchronous results of the engine. A key holds everything that the answer
 * depends on, so that a stale answer is never shown under new windows.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** An engine error as the query cache carries it. */
export class EngineFailure extends Error {
  constructor(readonly detail: EngineError) {
    super(detail.message);
    this.name = "EngineFailure";
  }
}

function valueOrThrow<T>(result: Result<T, EngineError>): T {
  if (result.ok) return result.value;
  throw new EngineFailure(result.error);
}

const NO_TABLES: TableMeta[] = [];

/** Tables of the open case, from what the journal says of its evidence. */
export function useTables(): TableMeta[] {
  const evidence = useCase((s) => s.state?.evidence);
  return useMemo(
    () => (evidence === undefined ? NO_TABLES : tablesOfEvidence(evidence)),
    [evidence],
  );
}

/** Changes whenever rows were added to or taken from the tables of the case. */
export function useDataVersion(): string {
  const path = useCase((s) => s.opened?.path ?? "");
  const evidence = useCase((s) => s.state?.evidence);
  return useMemo(
    () =>
      `${path}|${(evidence ?? []).map((e) => `${e.id}:${e.sha256.slice(0, 8)}:${e.tableRows}:${e.options.correctedMs ?? 0}`).join(",")}`,
    [path, evidence],
  );
}

/**
 * One analysis of `shared/analysis`, run in the engine worker and cached.
 * `input` null means: not yet (the query stays idle).
 */
export function useAnalysis<N extends AnalysisName>(
  name: N,
  input: AnalysisInput<N> | null,
  options: { keepPrevious?: boolean } = {},
): UseQueryResult<AnalysisOutput<N>> {
  const version = useDataVersion();
  return useQuery({
    queryKey: ["analysis", name, version, input],
    enabled: input !== null,
    ...(options.keepPrevious === true ? { placeholderData: keepPreviousData } : {}),
    queryFn: async ({ signal }) => {
      if (input === null) throw new Error("disabled query ran");
      return valueOrThrow(await getEngine().analyse(name, input, { signal }));
    },
  });
}
