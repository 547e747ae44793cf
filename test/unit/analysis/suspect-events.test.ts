import { expect, test } from "vitest";
import { graphOf } from "../../../shared/analysis/rca/dependencies.ts";
import { eventSuspects, type Move } from "../../../shared/analysis/suspect-events.ts";
import type { CaseEvent } from "../../../shared/analysis/suspect-checks.ts";
import { MINUTE } from "../../../shared/base/time.ts";
import type { Suspect } from "../../../shared/model/suspect.ts";

const T0 = Date.UTC(2024, 4, 1) * 1000;
const at = (minutes: number): number => T0 + minutes * MINUTE;
const deployed = (title: string, service: string | null, minutes: number): CaseEvent => ({
  at: at(minutes),
  kind: "deployment",
  title,
  service,
  evidenceId: "E1",
});
const moved = (service: string, minutes: number, strength = 0.8): Move => ({
  name: `latency{service="${service}"}`,
  service,
  strength,
  onset: { at: at(minutes), from: at(minutes - 1), to: at(minutes + 1) },
  suspect: { shiftIds: [] } as unknown as Suspect,
});
const ranked = (events: CaseEvent[], moves: Move[], calls = graphOf([])) =>
  eventSuspects(events, moves, calls, null, 10 * MINUTE).sort((a, b) => b.score - a.score);

test("the newest deployment is not the answer for being the newest", () => {
  const events = [deployed("cart 2", "cart", 60), deployed("mail 7", "mail", 69)];
  const [first, second] = ranked(events, [moved("cart", 70)]);
  expect(first?.name).toBe("cart 2");
  expect(first?.score).toBeGreaterThan(1.2 * (second?.score ?? 0));
});

test("what had moved before an event speaks against it", () => {
  const events = [deployed("early", "cart", 60), deployed("late", "cart", 80)];
  const [first, second] = ranked(events, [moved("cart", 62), moved("cart", 85, 0.3)]);
  expect(first?.name).toBe("early");
  const quiet = second?.checks.find((c) => c.name === "quiet before");
  expect(quiet?.result).toBe("contradicts");
  expect(quiet?.why).toContain("18 min");
});

test("of two at the same service the one that was followed promptly", () => {
  const events = [deployed("a day before", "cart", -1400), deployed("at the onset", "cart", 68)];
  expect(ranked(events, [moved("cart", 70)])[0]?.name).toBe("at the onset");
});

test("a service that is called counts as a neighbour", () => {
  const events = [deployed("db 5", "db", 60), deployed("mail 7", "mail", 60)];
  const calls = graphOf([{ caller: "cart", callee: "db" }]);
  expect(ranked(events, [moved("cart", 61)], calls)[0]?.name).toBe("db 5");
});

test("nothing moved after it", () => {
  const [only] = ranked([deployed("cart 2", "cart", 90)], [moved("cart", 70)]);
  expect(only?.score).toBe(0);
  expect(only?.sentence).toContain("nothing that was compared began to move after it");
});
