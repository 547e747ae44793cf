import { describe, expect, test } from "vitest";
import { changeFacts, withCommits } from "../../../shared/analysis/change-text.ts";
import { outsideSuspects, type OutsideSign } from "../../../shared/analysis/outside-signs.ts";
import type { CaseEvent } from "../../../shared/analysis/suspect-checks.ts";

const SHA = "c62e9decee7bb083f3628909019dd66e25dd25d8";
const event = (
  kind: string,
  title: string,
  text = "",
  service: string | null = null,
): CaseEvent => ({
  ...{ at: 0, kind, title, text, service, evidenceId: null },
});
const commit = (title: string, sha: string, files: readonly string[] = []) =>
  event("commit", title, JSON.stringify({ sha, files_changed: files }));

describe("commits and deployments", () => {
  test("a deployment says what its commit does, and the commit is no change of its own", () => {
    const events = withCommits([
      event("deployment", "v7", JSON.stringify({ commit_sha: SHA }), "cart"),
      commit("fix: smaller pool", SHA, ["pkg/db/pool.go"]),
      commit("feat: banner", "a1f0c9b73e2d48a6c5108f4b2d9e7c6a5b3f1e02"),
    ]);
    expect(events.map((e) => [e.kind, e.change ?? e.title])).toEqual([
      ["deployment", "fix: smaller pool"],
      ["commit", "feat: banner"],
    ]);
    expect(events[0]?.text).toContain("pool.go");
    const facts = changeFacts(events, []);
    expect(events.map((e) => facts.get(e)?.isUndeployed)).toEqual([false, true]);
  });

  test("without deployments no commit counts as left out", () => {
    const only = commit("fix: smaller pool", SHA);
    expect(changeFacts(withCommits([only]), []).get(only)?.isUndeployed).toBe(false);
  });
});

describe("words", () => {
  test("what a change shares with what moved, but for names of services", () => {
    const pool = event("deployment", "v1", "pkg/db/pool.go MaxConns", "inventory");
    const tax = event("deployment", "v2", "services/order/tax.go", "order");
    const facts = changeFacts(
      [pool, tax],
      ['db_pool_wait_seconds{service="inventory"}', "order failed: pool exhausted"],
      ["inventory", "order"],
    );
    expect(facts.get(pool)).toMatchObject({ relevance: 1, shared: ["pool"] });
    expect(facts.get(tax)).toMatchObject({ relevance: 0, shared: [] });
  });

  test.each([
    ["docs: how to deploy", ["README.md"], true],
    ["test: more of retry", ["pkg/retry/backoff_test.go"], true],
    ["restyle the banner", ["static/banner.css", "docs/banner.png"], true],
    ["fix: close the body", ["pkg/http/client.go"], false],
    ["chore: one file of both", ["README.md", "pkg/db/pool.go"], false],
    ["v2026.07.11-1308", [], false],
  ])("%s: changes no behaviour?", (title, files, expected) => {
    const one = commit(title, SHA, files);
    expect(changeFacts([one], []).get(one)?.isHarmless).toBe(expected);
  });
});

test("signs of something outside: new and frequent ones are strong, old and rare ones are not", () => {
  const sign = (before: number, since: number): OutsideSign => ({
    ...{ sign: "api.example.net", isHost: true, service: "pay", first: 5, evidence: 2 },
    ...{ before, since, all: 100 },
  });
  const lengths = { before: 10, since: 20 };
  const score = (before: number, since: number) =>
    outsideSuspects([sign(before, since)], 0.8, lengths)[0]?.score ?? null;
  expect(score(0, 81)).toBeCloseTo(0.9 * 0.8 * 0.9, 12);
  // As many as before, for twice the time.
  expect(score(30, 60)).toBe(0);
  expect(score(0, 2)).toBeNull();
  expect(outsideSuspects([sign(0, 81)], 0.8, lengths)[0]).toMatchObject({
    kind: "template",
    service: "pay",
    evidenceIds: ["E2"],
    sentence:
      "81 of the 100 warnings and errors since the middle of the baseline name `api.example.net`, a host outside; none in the first half of the baseline",
  });
});
