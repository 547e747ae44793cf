import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { kubernetesImporter } from "../../../shared/importers/kubernetes.ts";
import { serviceOfObject } from "../../../shared/importers/kubernetes/names.ts";
import { openData } from "../../support/open-data.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(kubernetesImporter, "kubernetes");

const encoder = new TextEncoder();

test.each([
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"1","verb":"get","metadata":{"creationTimestamp":"2026-03-01T10:00:00Z"}}',
  '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","creationTimestamp":"2026-03-01T10:00:00Z"}}',
  // A manifest says what should be, not what was.
  '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":1}}',
  "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  replicas: 1\n",
  '{"kind":"Event","apiVersion":"v2","ts":"2026-03-01T10:00:00Z","metadata":{"creationTimestamp":"x"}}',
  "name: a\nkind: Pod\n",
])("%s is no object of a cluster", (text) => {
  expect(kubernetesImporter.detect(encoder.encode(text), "pods.json")).toBe(0);
});

test.each([
  ["Pod", "checkout-849c4c4958-rxqmt", "checkout"],
  ["Pod", "web-6d4cf56db6-tzkrn", "web"],
  ["Pod", "oom-kill-job3-gbb89", "oom-kill-job3"],
  ["Pod", "report-29541240-x7k2q", "report"],
  ["Pod", "db-0", "db"],
  ["Pod", "init-demo", "init-demo"],
  ["Pod", "my-mysql", "my-mysql"],
  ["ReplicaSet", "checkout-849c4c4958", "checkout"],
  ["Job", "report-29541240", "report"],
  ["Deployment", "checkout", "checkout"],
  ["Node", "node-1", null],
])("the %s %s belongs to %s", (kind, name, service) => {
  expect(serviceOfObject(kind, name)).toBe(service);
});

test("items without a kind are what their list says, others are rejected by kind", async () => {
  const item = { metadata: { name: "a", creationTimestamp: "2026-03-01T10:00:00Z" }, status: {} };
  const pods = { kind: "PodList", apiVersion: "v1", metadata: {}, items: [item] };
  expect((await readAll(kubernetesImporter, JSON.stringify(pods))).accepted).toBe(1);
  const secrets = { kind: "SecretList", apiVersion: "v1", metadata: {}, items: [item] };
  const lines = `${JSON.stringify(pods)}\n${JSON.stringify(secrets)}`;
  const { accepted, rejects } = await readAll(kubernetesImporter, lines);
  expect(accepted).toBe(1);
  expect(rejects[0]?.reason).toBe("“a” of kind “Secret”, which is not imported");
});

const open = openData("C_logs/k8s_troubleshoot");

interface RawEvent {
  readonly reason: string;
  readonly message: string;
  readonly lastTimestamp: string | null;
  readonly eventTime: string | null;
  readonly series?: { readonly lastObservedTime: string };
}

describe.skipIf(open === null)("real lists", () => {
  const content = (file: string): Buffer => readFileSync(join(open ?? "", file));

  test("events: as many, with reasons, messages and times as a plain reading of the file finds", async () => {
    const file = content("events/message-image-pull-fail.json");
    expect(kubernetesImporter.detect(file, "unknown")).toBeGreaterThan(0.9);
    const raw = (JSON.parse(file.toString()) as { items: RawEvent[] }).items;
    const { rows, rejects, accepted } = await readAll(kubernetesImporter, file);
    expect(accepted).toBe(17);
    expect(rejects).toEqual([]);
    expect(rows.map((r) => r[2])).toEqual(raw.map((e) => e.reason));
    expect(rows.map((r) => r[4])).toEqual(raw.map((e) => e.message));
    const millis = raw.map((e) =>
      Date.parse(e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? ""),
    );
    expect(rows.map((r) => Math.floor(Number(r[0]) / 1000))).toEqual(millis);
    expect(rows.filter((r) => r[3] === "no-image-deployment")).toHaveLength(8);
  });

  test.each([
    ["pods/message-image-pull-fail.json", "ErrImagePull", "no-image-deployment"],
    ["pods/message-oomkill-pod.json", "OOMKilled", "oom-kill-job3"],
    ["pods/message-pod-crashloop-backoff.json", "CrashLoopBackOff", "init-demo"],
  ])("%s: its cause is an event", async (file, cause, service) => {
    const { rows, accepted } = await readAll(kubernetesImporter, content(file));
    expect(accepted).toBe(1);
    const found = rows.filter((r) => r[1] === "container" && r[2] === cause);
    expect(found).toHaveLength(1);
    expect(found[0]?.[3]).toBe(service);
    expect(found[0]?.[0]).not.toBeNull();
  });
});
