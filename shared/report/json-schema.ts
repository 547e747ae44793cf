import { z } from "zod";
import { FindingsFile } from "../model/findings-file.ts";

/** JSON Schema (2020-12) of `findings.json`; `resources/schema/findings-1.schema.json` is this, written out. */
export function findingsJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(FindingsFile, { target: "draft-2020-12" });
  return {
    ...schema,
    $id: "urn:inquest:findings:1",
    title: "findings.json of Inquest, version 1",
  };
}
