import { describe, expect, test } from "vitest";
import { graphOf } from "../../../../shared/analysis/rca/dependencies.ts";
import { rankServices, type Signal } from "../../../../shared/analysis/rca/rank-services.ts";
import { signalKind, type SignalKind } from "../../../../shared/analysis/rca/signal-kind.ts";

const signal = (service: string, kind: SignalKind, score: number, name: string = kind): Signal => ({
  series: `${name}{service="${service}"}`,
  table: "metrics",
  service,
  kind,
  shift: { z: score, usual: 0, placebos: 30, score, median: 0, mean: 0 },
});
const order = (...args: Parameters<typeof rankServices>) =>
  rankServices(...args).map((s) => s.service);
const NONE = graphOf([]);

describe("rankServices", () => {
  test("one entry for a service, its strongest series first", () => {
    const signals = [
      signal("a", "resource", 2),
      signal("a", "latency", 9),
      signal("b", "latency", 5),
    ];
    const ranked = rankServices(signals, NONE, null);
    expect(ranked.map((s) => s.service)).toEqual(["a", "b"]);
    expect(ranked[0]?.signals.map((s) => s.kind)).toEqual(["latency", "resource"]);
  });

  test("a caller with the trouble of its callee comes after it", () => {
    const signals = [signal("front", "latency", 10), signal("db", "latency", 8)];
    expect(order(signals, NONE, null)).toEqual(["front", "db"]);
    const graph = graphOf([{ caller: "front", callee: "db" }]);
    const ranked = rankServices(signals, graph, null);
    expect(ranked.map((s) => s.service)).toEqual(["db", "front"]);
    expect(ranked[1]?.signals[0]?.explainedBy).toBe("db");
    // Trouble of another kind explains nothing.
    const other = [signal("front", "latency", 10), signal("db", "error", 8)];
    expect(order(other, graph, null)).toEqual(["front", "db"]);
  });

  test("traffic counts less, the kind that was noticed more", () => {
    const signals = [
      signal("a", "traffic", 20),
      signal("b", "error", 6),
      signal("c", "latency", 7),
    ];
    expect(order(signals, NONE, null)).toEqual(["c", "b", "a"]);
    expect(order(signals, NONE, "error")).toEqual(["b", "c", "a"]);
  });

  test("services that stayed as they were are left out", () => {
    expect(order([signal("a", "latency", 0), signal("b", "latency", 1)], NONE, null)).toEqual([
      "b",
    ]);
  });

  test("services that call each other do not both vanish", () => {
    const graph = graphOf([
      { caller: "a", callee: "b" },
      { caller: "b", callee: "a" },
      { caller: "a", callee: "a" },
    ]);
    const ranked = rankServices([signal("a", "error", 9), signal("b", "error", 4)], graph, null);
    expect(ranked.map((s) => s.service)).toEqual(["a", "b"]);
  });
});

test.each([
  ["http_server_duration_p99_ms", "latency"],
  ["PodServerLatencyP95(s)", "latency"],
  ["availability", "error"],
  ["SuccessRate(%)", "error"],
  ["http_requests_5xx_ratio", "error"],
  ["requests", "traffic"],
  ["NetworkReceiveBytes", "traffic"],
  ["CpuUsageRate(%)", "resource"],
  ["db_pool_max_conns", "resource"],
])("%s is %s", (name, kind) => {
  expect(signalKind(name)).toBe(kind);
});
