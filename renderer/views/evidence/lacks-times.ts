import type { ImportPlan } from "../../../shared/importers/importer.ts";

/** Whether rows of the preview have no time, or have that of the option `date`: it can be set then. */
export function lacksTimes({ options, preview }: ImportPlan): boolean {
  if (options.date !== undefined) return true;
  const ts = preview.header.indexOf("ts");
  return ts >= 0 && preview.rows.some((row) => row[ts] === "");
}
