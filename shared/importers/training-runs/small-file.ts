import { parse } from "yaml";
import type { Source } from "../importer.ts";
import { isRecord } from "./own-table.ts";

/** A file that should be small, but is not. */
const MOST = 8 * 1024 * 1024;

/** The text of a small file, or null where it is larger than 8 MiB. */
export async function readSmallFile(source: Source): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of source.stream()) {
    length += chunk.length;
    if (length > MOST) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A YAML mapping, or why it is none. */
export type Yaml =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly why: string };

/**
 * A YAML mapping. `texts`: scalars stay as they are written (an identifier
 * such as `12e45` is no number); `null` and empty ones are null.
 */
export function parseYaml(text: string, texts: boolean): Yaml {
  let value: unknown;
  try {
    value = parse(text, {
      schema: texts ? "failsafe" : "core",
      maxAliasCount: 100,
      logLevel: "error",
    });
  } catch (thrown) {
    const [line] = (thrown as Error).message.split("\n");
    return { ok: false, why: `it is not YAML: ${line ?? ""}` };
  }
  if (!isRecord(value)) return { ok: false, why: "it is not a YAML mapping" };
  if (!texts) return { ok: true, value };
  const cleaned = Object.entries(value).map(([k, v]) => [k, NULLS.has(v) ? null : v] as const);
  return { ok: true, value: Object.fromEntries(cleaned) };
}

const NULLS = new Set<unknown>(["", "null", "Null", "NULL", "~"]);
