import { expect, test } from "vitest";
import { HOSTILE, htmlOf, reportFixture } from "./report-fixture.ts";

const html = htmlOf(reportFixture());

/** What a reader sees: tags and style away, entities resolved. */
const text = html
  .replace(/<style>[\s\S]*<\/style>/, "")
  .replace(/<script>[\s\S]*<\/script>/, "")
  .replace(/<[^>]*>/g, "\u0001")
  .replaceAll("&lt;", "<")
  .replaceAll("&gt;", ">")
  .replaceAll("&quot;", '"')
  .replaceAll("&#39;", "'")
  .replaceAll("&amp;", "&");

test("is one document with one script of its own and nothing from outside", () => {
  expect(html.startsWith("<!doctype html>")).toBe(true);
  expect(html).toContain('<html lang="en">');
  const scripts = html.match(/<script[^>]*>/g);
  expect(scripts).toEqual(["<script>"]);
  expect(html).toContain("Content-Security-Policy");
  expect(html.replace(/<script>[\s\S]*<\/script>/, "")).not.toMatch(
    /<script|<link|<iframe|<img|@import|\bon\w+="|javascript:/i,
  );
  expect(html).not.toMatch(/https?:|src=|url\((?!#)/i);
  expect(html.match(/<style>/g)).toHaveLength(1);
});

test("hostile names are shown as they are", () => {
  for (const name of Object.values(HOSTILE)) expect(text).toContain(name);
  expect(text).toContain(`Ranking lost ${HOSTILE.quotes} <b>quality</b>`);
});

test("tags are balanced", () => {
  const open: string[] = [];
  const leaves = new Set(["meta", "br", "col", "!doctype"]);
  const markup = html.replace(/<script>[\s\S]*<\/script>/, "");
  for (const [, close, name = "", , self] of markup.matchAll(
    /<(\/?)([a-z!][a-z0-9]*)((?:"[^"]*"|[^>"])*?)(\/?)>/gi,
  )) {
    if (leaves.has(name) || self === "/") continue;
    if (close === "/") expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});

test("ids are unique and pattern references have a target", () => {
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((m) => m[1]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, to] of html.matchAll(/(?:href="|url\()#([^")]*)/g)) expect(ids).toContain(to);
});

test("sections come in the order in which they are read", () => {
  const titles = [...html.matchAll(/<h2[^>]*>([^<]*)/g)].map((m) => m[1]);
  const wanted = ["Summary", "Key numbers", "Findings", "What changed", "Suspects", "Evidence"];
  expect(titles.filter((t) => wanted.includes(t ?? ""))).toEqual(wanted);
  expect(titles.slice(-4)).toEqual([
    "What could not be read",
    "Methods and limits",
    "Appendix: queries",
    "Sources of the numbers",
  ]);
});

test("tables have headers with a scope", () => {
  for (const [head] of html.matchAll(/<th(?!ead)[^>]*>/g))
    expect(head).toMatch(/scope="(col|row)"/);
});

test("counts what it leaves out and computes the impact", () => {
  expect(html).toMatch(/\b10 weaker (shifts|changes)/);
  // 125 000 requests per hour × 36 h × 0.02 EUR
  expect(text).toContain("4,500,000");
  expect(text).toContain("90,000 EUR");
});

test("whole digests stand in the appendix, short ones in the findings", () => {
  const digest = "a1".padEnd(64, "f0");
  expect(html.split(digest)).toHaveLength(2);
  expect(html).toContain(`${digest.slice(0, 16)}…`);
  expect(html.indexOf("Appendix")).toBeLessThan(html.indexOf(digest));
});

test("a name that turns the direction of writing is closed off from the numbers after it", () => {
  expect(html).toMatch(/<code>\u202e[^<]*<\/code> fell/);
  expect(html).toMatch(/<bdi>\u202e[^<]*<\/bdi> <span/);
  expect(html).not.toMatch(/` fell/);
});

test("numbers of a finding are written like all others", () => {
  expect(text).toContain("183,542");
  expect(text).toContain("−19.75");
});

test("columns that came or went are named", () => {
  expect(text).toMatch(/locale\W+in\W+features\W+added/);
});

test("says so where there is nothing", () => {
  const full = reportFixture();
  const empty = htmlOf({
    ...full,
    state: {
      ...full.state,
      evidence: [],
      findings: [],
      summary: " \n ",
      impact: null,
      windows: { baseline: null, incident: null },
    },
    comparison: null,
    suspects: [],
    timeline: [],
    failed: [],
  });
  expect(empty).toContain("No summary was written");
  expect(empty).toContain("not set");
  expect(empty).not.toMatch(/undefined|NaN|\[object/);
});

test("leaves selectors that a preview in a shadow root can rename", () => {
  const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? "";
  expect(style).toMatch(/:root \{/);
  expect(style).not.toMatch(/tbody|html\b/);
});
