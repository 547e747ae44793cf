import { expect, test } from "vitest";
import { graphLayout } from "../../../renderer/views/suspects/graph-layout.ts";

const calls = (text: string) =>
  text.split(" ").map((pair) => {
    const [caller = "", callee = ""] = pair.split(">");
    return { caller, callee };
  });
const columns = (services: string[], text: string) =>
  Object.fromEntries(graphLayout(services, calls(text)).map((n) => [n.service, n.column]));

test("a callee stands to the right of all its callers", () => {
  expect(columns(["alone"], "web>shop web>db shop>pay pay>db")).toEqual({
    ...{ alone: 0, web: 0, shop: 1, pay: 2, db: 3 },
  });
});

test("a ring ends, and every service has a place of its own", () => {
  const nodes = graphLayout([], calls("a>b b>c c>a c>d"));
  expect(nodes).toHaveLength(4);
  expect(new Set(nodes.map((n) => `${String(n.column)}/${String(n.row)}`)).size).toBe(4);
});

test("nothing at all", () => {
  expect(graphLayout([], [])).toEqual([]);
});
