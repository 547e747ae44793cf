import { expect, test } from "vitest";
import { deploymentsImporter } from "../../../shared/importers/deployments.ts";
import { readAll } from "./rows.ts";
import { fixture, testFixtures } from "./suite.ts";

testFixtures(deploymentsImporter, "deployments", { mutations: 60 });

const encoder = new TextEncoder();

test.each([
  '[{"id":1,"sha":"a","ref":"main","status":"success","created_at":"2026-03-01T10:00:00Z"}]',
  '[{"id":1,"sha":"a","ref":"main","status":"success","created_at":"2026-03-01T10:00:00Z","web_url":"https://a/b"}]',
  '[{"id":1,"iid":2,"title":"An issue","state":"opened","created_at":"2026-03-01T10:00:00Z","web_url":"https://a/-/issues/2"}]',
  '{"id":1,"state":"open","created_at":"2026-03-01T10:00:00Z","statuses_url":"https://api.github.com/x"}',
  '{"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{"name":"a"}}',
  '{"level":"info","message":"\\"deployedAt\\" was \\"iid\\"","created_at":"2026-03-01T10:00:00Z"}',
])("%s is no deployment", (text) => {
  expect(deploymentsImporter.detect(encoder.encode(text), "deployments.json")).toBe(0);
});

test("one foreign record among others keeps a file from being taken for deployments", () => {
  const [first] = JSON.parse(
    new TextDecoder().decode(fixture("deployments", "github-deployments.json")),
  ) as [object];
  const mixed = JSON.stringify([first, { hello: "world" }]);
  expect(deploymentsImporter.detect(encoder.encode(mixed), "unknown")).toBe(0);
});

test("a full page may not be the last one", async () => {
  const text = new TextDecoder().decode(fixture("deployments", "github-deployments.json"));
  const [first] = JSON.parse(text) as [object];
  const page = JSON.stringify(Array.from({ length: 30 }, () => first));
  const { notes, accepted } = await readAll(deploymentsImporter, page);
  expect(accepted).toBe(30);
  expect(notes.join("\n")).toMatch(/^This export may be cut off: it holds exactly 30 records/m);
  expect((await readAll(deploymentsImporter, page + page)).notes).toEqual([]);
});

test("a record of another kind is rejected, with its text", async () => {
  const text = new TextDecoder().decode(fixture("deployments", "github-deployments.json"));
  const [first] = JSON.parse(text) as [object];
  const { accepted, rejects } = await readAll(
    deploymentsImporter,
    JSON.stringify([first, { message: "Not Found" }]),
  );
  expect(accepted).toBe(1);
  expect(rejects).toMatchObject([{ text: '{"message":"Not Found"}' }]);
});
