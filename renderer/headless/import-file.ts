import { tableToIPC } from "apache-arrow";
import type { Engine } from "../../shared/tables/engine.ts";
import { REJECTS_TABLE } from "../../shared/tables/fixed-tables.ts";
import { NUMBER, NUMBER_OR_NULL, STRING, queryRows, queryTable } from "../../shared/tables/rows.ts";
import { ident } from "../../shared/tables/sql.ts";
import { ipc } from "../data/ipc-client.ts";
import type { MemberList } from "../../shared/contract/worker.ts";
import { prepareDatabase } from "../data/rebuild-cache.ts";
import { getEngine, getIngest } from "../data/services.ts";
import { print, progress } from "./output.ts";
import type { JobEnd } from "./job-end.ts";
import { tableText } from "./table-text.ts";

const MOST_REASONS = 8;

/**
 * `inquest import FILE --as … [--member …]`: what an importer makes of a file, on
 * stdout; rejected records in numbers on stderr. Without the member that is
 * meant, the members are listed.
 */
export async function importFile(
  file: string,
  as: "csv" | "jsonl" | "arrow",
  member: string | null,
): Promise<JobEnd> {
  const [granted] = await ipc("evidence.grant", { paths: [file] });
  if (granted?.ok !== true)
    return { code: 3, message: granted?.error.message ?? `${file} cannot be read.` };
  const listed = await getIngest().listMembers(granted.grant);
  if (!listed.ok) return { code: 3, message: `${listed.error.message} ${listed.error.advice}` };
  if (listed.value !== null && listed.value.members.every((m) => m.name !== member)) {
    return { code: 2, message: choiceOf(granted.grant.name, member, listed.value) };
  }
  const engine = getEngine();
  const opened = await engine.open(null);
  if (!opened.ok) return { code: 1, message: opened.error.message };
  await prepareDatabase(engine);
  const outcome = await getIngest().importFile(
    granted.grant,
    listed.value?.members.find((m) => m.name === member)?.importer ?? "auto",
    member === null ? {} : { member },
    1,
  );
  if (!outcome.ok) {
    const { message, advice } = outcome.error;
    return { code: 3, message: `${message} ${advice}` };
  }
  const { plan, rows, rejected, tableRows, notes } = outcome.value;
  for (const note of notes) await progress(`${note.kind}: ${note.message}`, null);
  if (rejected > 0) for (const line of await rejectedByReason(engine)) await progress(line, null);
  const table = ident(plan.table);
  if (as === "arrow") {
    const all = await queryTable(engine, `SELECT * FROM ${table}`);
    await ipc("headless.stdout", { bytes: tableToIPC(all, "file") });
  } else {
    for await (const text of tableText(engine, plan, tableRows, as)) await print(text);
  }
  return {
    code: 0,
    message: `${rows} records read by ${plan.importer}, ${rejected} rejected, ${tableRows} rows in ${plan.table}`,
  };
}

/** What can be named, and what is left out and why. */
function choiceOf(file: string, member: string | null, { members, trouble }: MemberList): string {
  const lines = members.map(({ name, size, rows, skipped }) => {
    const facts = rows === null ? (size === null ? "" : ` (${size} bytes)`) : ` (${rows} rows)`;
    return skipped === null ? `  ${name}${facts}` : `  ${name} is left out: ${skipped}`;
  });
  const first =
    member === null
      ? `${file} holds several files; say which one with --member:`
      : `${file} holds no ${member}. It holds:`;
  const last = trouble === null ? [] : [`The archive is not whole: ${trouble}.`];
  return [first, ...lines, ...last].join("\n");
}

/** `rejected 12: too few fields (first in line 7: u2,bad)`, most frequent first. */
async function rejectedByReason(engine: Engine): Promise<string[]> {
  const reasons = await queryRows(
    engine,
    `SELECT coalesce(reason, 'unknown') AS reason, count(*) AS n, min(_line) AS line,
  coalesce(arg_min(text, _line), '') AS first
FROM ${ident(REJECTS_TABLE)} GROUP BY 1 ORDER BY n DESC, reason`,
    { reason: STRING, n: NUMBER, line: NUMBER_OR_NULL, first: STRING },
  );
  const shown = reasons.slice(0, MOST_REASONS).map(({ reason, n, line, first }) => {
    const text = first.replace(/\s+/g, " ").slice(0, 80);
    return `rejected ${n}: ${reason}${line === null ? "" : ` (first in line ${line}: ${text})`}`;
  });
  const rest = reasons.slice(MOST_REASONS).reduce((sum, r) => sum + r.n, 0);
  return rest === 0 ? shown : [...shown, `rejected ${rest} for other reasons`];
}
