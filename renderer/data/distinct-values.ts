import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { NUMBER, STRING, queryRows } from "../../shared/tables/rows.ts";
import { ident } from "../../shared/tables/sql.ts";
import { useDataVersion } from "./queries.ts";
import { getEngine } from "./services.ts";

/** More values than this are not for choosing from a list. */
export const MOST_VALUES = 50;

export interface DistinctValue {
  readonly value: string;
  readonly rows: number;
}

/** Values of a column with their rows, most frequent first; one more than the limit tells that there are too many. */
export function useDistinctValues(
  table: string | null,
  column: string | null,
): UseQueryResult<DistinctValue[]> {
  const version = useDataVersion();
  return useQuery({
    queryKey: ["distinct", version, table, column],
    enabled: table !== null && column !== null,
    queryFn: ({ signal }): Promise<DistinctValue[]> =>
      queryRows(
        getEngine(),
        `SELECT CAST(${ident(column ?? "")} AS VARCHAR) AS value, count(*) AS rows FROM ${ident(table ?? "")} ` +
          `WHERE ${ident(column ?? "")} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_VALUES + 1}`,
        { value: STRING, rows: NUMBER },
        { signal },
      ),
  });
}
