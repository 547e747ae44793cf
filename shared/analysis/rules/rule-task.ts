import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";

/** A table with the window in which its rules are checked. */
export interface RuleTask {
  readonly engine: Engine;
  readonly table: TableMeta;
  readonly window: Window;
  /** The window as an SQL condition. */
  readonly where: string;
  /** Latest time of any table, µs: beyond it nothing was exported. */
  readonly latest: number | null;
  readonly options: QueryOptions;
}
