import { expect, test } from "vitest";
import { monteCarloImporter } from "../../../shared/importers/monte-carlo.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(monteCarloImporter, "monte-carlo");

const encoder = new TextEncoder();

test.each([
  '{"account":{"id":"1"},"payload":{"event_list":[{"name":"click"}]}}',
  '{"payload":{"event_list":[]}}',
  '[{"id":"1","title":"Disk full","type":"alert","severity":"SEV-1","createdTime":"2026-03-01T10:00:00Z"}]',
  '{"data":{"issues":{"edges":[{"node":{"id":"1","createdTime":"2026-03-01T10:00:00Z","type":"bug"}}],"pageInfo":{"hasNextPage":true}}}}',
  '{"createdTime":"2026-03-01T10:00:00Z","type":"ANOMALIES"}',
  // Incidents of another system: no table.
  "Incident ID,Type,Severity,Status,Created\n1,outage,SEV-1,investigating,2026-03-01 10:00:00\n",
  "Incident ID,Type,Severity,Status,Created,Table\n1,outage,high,open,2026-03-01 10:00:00,7\n",
  "id,type,status,created,table\n1,order,fixed,2026-03-01,4\n",
])("%s is not Monte Carlo's", (text) => {
  expect(monteCarloImporter.detect(encoder.encode(text), "incidents.json")).toBe(0);
});

test("pages whose last one is the last are complete", async () => {
  const page = (next: boolean, id: string): string =>
    JSON.stringify({
      data: {
        getAlerts: {
          edges: [{ node: { uuid: id, createdTime: "2026-03-01T10:00:00Z", type: "ANOMALIES" } }],
          pageInfo: { hasNextPage: next },
        },
      },
    });
  const whole = await readAll(monteCarloImporter, `${page(true, "a")}\n${page(false, "b")}\n`);
  expect(whole.accepted).toBe(2);
  expect(whole.notes).toEqual([]);
  for (const cut of [page(true, "a"), `${page(false, "a")}\n${page(true, "b")}`]) {
    const { notes } = await readAll(monteCarloImporter, cut);
    expect(notes.join("\n")).toMatch(/^This export may be cut off: its last page/m);
  }
});

test("dates of a CSV without a zone follow the options", async () => {
  const csv =
    "Alert ID,Type,Severity,Created,Table\n1,ANOMALIES,SEV-2,07/01/2026 12:00,shop.orders\n2,ANOMALIES,SEV-2,07/14/2026 12:00,shop.orders\n";
  const { rows } = await readAll(monteCarloImporter, csv, {
    options: { timezone: "Europe/Berlin" },
  });
  expect(rows[0]?.[0]).toBe(Date.UTC(2026, 6, 1, 10) * 1000);
});
