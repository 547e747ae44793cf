import { err, ok } from "../base/result.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer, Source } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { Instants } from "./json-fields.ts";
import { firstCharacter, mainOfPlan, planRecords } from "./json-records.ts";
import { ClusterReader } from "./kubernetes/reading.ts";
import { isClusterJson, isClusterYaml, patternsOf } from "./kubernetes/recognise.ts";
import { yamlItems, yamlItemsOf } from "./kubernetes/yaml-items.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const SOURCES = {
  events: {
    ts: "lastTimestamp, eventTime, finishedAt or lastTransitionTime",
    title: "reason",
    service: "name of the object without hashes",
    detail: "message",
    fields: "the rest of the object",
  },
} as const;

/**
 * Objects of a Kubernetes cluster as `kubectl get -o json` or `-o yaml` writes
 * them: events, pods with the states of their containers, workloads and nodes
 * with their conditions; also as the API answers, and as `--watch` goes on.
 * https://kubernetes.io/docs/reference/kubernetes-api/
 */
export const kubernetesImporter: Importer = {
  id: "kubernetes",
  name: "Kubernetes",
  description:
    "Events, pods, deployments, replica sets, jobs and nodes of kubectl get -o json or -o yaml",
  extensions: ["json", "yaml", "yml"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (isClusterJson(head)) return 0.97;
    return isClusterYaml(head) ? 0.96 : 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone);
    const reader = new ClusterReader({ target: preview, sink: HEAD_SINK, instants });
    await readHead(head, reader);
    const isCluster = preview.total > 0 || isClusterJson(head) || isClusterYaml(head);
    if (!isCluster) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No object of Kubernetes that can be imported was found at the beginning of “${source.name}”.`,
        advice:
          "Save “kubectl get events -A -o json”, or pods, deployments, replicasets, jobs or nodes in their place.",
      });
    }
    return ok(planRecords("kubernetes", options, ["events"], "events", preview, instants, SOURCES));
  },

  async read(source, plan, sink) {
    const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
    const instants = new Instants(plan.options.timezone);
    const reader = new ClusterReader({ target: writer, sink, instants });
    for await (const step of steps(source, reader)) {
      checkCancelled(sink.signal, source.name);
      await step();
      await writer.deliver();
    }
    await writer.finish();
  },
};

/** What there is to read, whatever the notation. */
async function* steps(source: Source, reader: ClusterReader): AsyncGenerator<() => Promise<void>> {
  const head = await source.head();
  if (isJson(head)) {
    const patterns = patternsOf(head);
    for await (const element of jsonElements(source, patterns))
      yield () => reader.read(element, patterns[element.pattern] ?? "");
  } else {
    for await (const item of yamlItems(source)) yield () => reader.readYaml(item);
  }
}

async function readHead(head: Uint8Array, reader: ClusterReader): Promise<void> {
  if (isJson(head)) {
    const patterns = patternsOf(head);
    for (const element of elementsOf(head, patterns))
      await reader.read(element, patterns[element.pattern] ?? "");
    return;
  }
  const part = head.subarray(0, 64 * 1024);
  const text = new TextDecoder().decode(part);
  for (const item of yamlItemsOf(text, part.length === head.length)) await reader.readYaml(item);
}

function isJson(head: Uint8Array): boolean {
  return /[{[]/.test(firstCharacter(head));
}
