import { recogniseHiveTable } from "./hive-table.ts";
import { recogniseMlflowStore } from "./mlflow-store.ts";
import { recogniseWandbRun } from "./wandb-run.ts";

/** A system whose folder is imported as one. */
export interface Bundle {
  /** Registry name of its importer. */
  readonly importer: string;
  /** Folders (ending in `/`, "" for the root) of these paths below which it lies. */
  recognise(paths: readonly string[]): string[];
}

/** All folders that are imported as one. */
export const BUNDLES: readonly Bundle[] = [
  { importer: "mlflow-store", recognise: recogniseMlflowStore },
  { importer: "wandb-run", recognise: recogniseWandbRun },
  { importer: "hive-table", recognise: recogniseHiveTable },
];
