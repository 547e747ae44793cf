import { err, ok } from "../base/result.ts";
import { kindOfRecord, SIGN_WORDS } from "./deployments/kinds.ts";
import { DeploymentReader, patternsOf, recordsOf } from "./deployments/reading.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { Instants, objectOf } from "./json-fields.ts";
import { firstCharacter, mainOfPlan, planRecords } from "./json-records.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const SOURCES = {
  events: {
    ts: "created_at, run_started_at, published_at or deployStartedAt",
    title: "what was deployed, where to, and the outcome",
    service: "repository, project or application",
    detail: "description, commit title or notes",
    fields: "the rest of the record",
  },
} as const;

/** So many records of a file are looked at to recognise it. */
const LOOKED_AT = 20;

/**
 * What was changed and when: deployments, their statuses, releases and
 * workflow runs of GitHub; deployments, pipelines and releases of GitLab;
 * applications of Argo CD and their histories. As the APIs answer.
 */
export const deploymentsImporter: Importer = {
  id: "deployments",
  name: "Deployments",
  description:
    "Deployments, releases and pipelines of GitHub, GitLab and Argo CD, as their APIs answer",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (!/[{[]/.test(firstCharacter(head))) return 0;
    if (!SIGN_WORDS.test(new TextDecoder().decode(head.subarray(0, 256 * 1024)))) return 0;
    const patterns = patternsOf(head);
    const records = elementsOf(head, patterns)
      .filter(
        (e) => e.bad === null && !/^(?:total_count|metadata)$/.test(patterns[e.pattern] ?? ""),
      )
      .slice(0, LOOKED_AT)
      .flatMap((e) => recordsOf(e.value));
    if (records.length === 0) return 0;
    return records.every((r) => kindOfRecord(objectOf(r) ?? {}) !== null) ? 0.96 : 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const patterns = patternsOf(head);
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone);
    const reader = new DeploymentReader({ target: preview, sink: HEAD_SINK, instants });
    for (const element of elementsOf(head, patterns))
      await reader.read(element, patterns[element.pattern] ?? "");
    if (preview.total === 0) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No deployment, release or pipeline was found at the beginning of “${source.name}”.`,
        advice:
          "Save the answer of the API of GitHub or GitLab (deployments, releases, pipelines, workflow runs), or “argocd app get -o json”.",
      });
    }
    return ok(
      planRecords("deployments", options, ["events"], "events", preview, instants, SOURCES),
    );
  },

  async read(source, plan, sink) {
    const patterns = patternsOf(await source.head());
    const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
    const instants = new Instants(plan.options.timezone);
    const reader = new DeploymentReader({ target: writer, sink, instants });
    for await (const element of jsonElements(source, patterns)) {
      checkCancelled(sink.signal, source.name);
      await reader.read(element, patterns[element.pattern] ?? "");
      await writer.deliver();
    }
    reader.finish();
    await writer.finish();
  },
};
