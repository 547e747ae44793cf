import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPostMortem, type PostMortem } from "../../../shared/postmortem/read-post-mortem.ts";
import { masked } from "../../../shared/postmortem/text-segments.ts";

const REFERENCE = Date.UTC(2026, 10, 20) * 1000;
const read = (text: string, zoneMinutes = 0) =>
  readPostMortem(text, { reference: REFERENCE, zoneMinutes });

/** Time, end, kind and layer of each entry, short. */
function told({ entries }: PostMortem): string[] {
  const iso = (micros: number) => new Date(micros / 1000).toISOString().slice(0, 19);
  return entries.map(({ line, at, to, kind, layer }) =>
    [`${String(line)}:`, iso(at), ...(to === null ? [] : ["to", iso(to)]), kind, layer].join(" "),
  );
}

const TABLE = `# Incident report: checkout errors on 12 March 2026

*Published 18 March 2026*

## Summary

On 12 March 2026, between 14:03 and 15:47 UTC, about 31% of checkouts failed. A configuration
change to the load balancer (v2.14.3) sent traffic to a pool that was being drained.

## Timeline (all times UTC)

| Time | Event |
| --- | --- |
| 13:58 | Config change merged by the networking team |
| 14:03 | First 502 responses at the edge |
| 14:09 | Pager alert: error budget burn 14x |
| 14:31 | Change rolled back in eu-west-1 |
| 15:47 | Error rate back to normal; incident closed |

The ratio of retries was 3:1. See https://status.example.com/2026-03-12T14:03 for updates.
`;

test("a table of times under a day that the summary names", () => {
  const report = read(TABLE);
  expect(told(report)).toEqual([
    "7: 2026-03-12T14:03:00 to 2026-03-12T15:47:00 note serving",
    "14: 2026-03-12T13:58:00 deployment people",
    "15: 2026-03-12T14:03:00 note serving",
    "16: 2026-03-12T14:09:00 alert serving",
    "17: 2026-03-12T14:31:00 rollback people",
    "18: 2026-03-12T15:47:00 resolution people",
  ]);
  const [, merged] = report.entries;
  expect(merged?.text).toBe("Config change merged by the networking team");
  expect(merged?.assumed).toEqual([
    { what: "zone", why: "taken from line 10" },
    { what: "date", why: "taken from line 7" },
  ]);
  expect(report.needs).toEqual({ date: false, zone: false });
});

test("prose over several lines, one zone, a date at the end of a sentence", () => {
  const report = read(`The search index of one region was unavailable on February 3rd, 2026. At
9:37AM PST, an engineer ran a command that removed too many
servers. By 12:26PM PST, half of the index had been restarted. 20 minutes later, writes
recovered. Until 1:54 p.m. PST the dashboard could not be updated for about 2 hours.`);
  expect(told(report)).toEqual([
    "1: 2026-02-03T00:00:00 note infrastructure",
    "2: 2026-02-03T17:37:00 note serving",
    "3: 2026-02-03T20:26:00 mitigation people",
    "3: 2026-02-03T20:46:00 resolution people",
    "4: 2026-02-03T21:54:00 to 2026-02-03T23:54:00 note serving",
  ]);
  // A day of which nothing is told is offered, not chosen.
  expect(report.entries.map((e) => e.isLikely)).toEqual([false, true, true, true, true]);
  expect(report.entries[0]?.assumed).toEqual([
    { what: "time", why: "the text names the day only" },
  ]);
});

test("a list that goes over midnight, with a model in it", () => {
  const report = read(`**Date:** Monday, 2 June 2025

- 22:15 CET – nightly backfill of \`user_features\` finishes 3 hours late
- 23:50 – model v12 retrained on the late snapshot
- 00:40 – new model rolled out to 100 %
- ~01:10: CTR drops from 4.1% to 2.9%
- 07:30 On-call engineer notices the drop
- 08:05–08:20 rollback to v11

\`\`\`
2025-06-03 01:10:02 WARN no time of the report
\`\`\`
`);
  // CET of June is read as people mean it: the clock of that place, in summer UTC+2.
  expect(told(report)).toEqual([
    "3: 2025-06-02T20:15:00 note data",
    "4: 2025-06-02T21:50:00 model model",
    "5: 2025-06-02T22:40:00 deployment people",
    "6: 2025-06-02T23:10:00 note model",
    "7: 2025-06-03T05:30:00 detection people",
    "8: 2025-06-03T06:05:00 to 2025-06-03T06:20:00 rollback people",
  ]);
  expect(report.entries[0]?.text).toBe("nightly backfill of user_features finishes 3 hours late");
  expect(report.entries[2]?.assumed).toContainEqual({
    what: "day after",
    why: "the time above it is later in the day",
  });
});

test("what the text does not say is told, and taken from the options", () => {
  const text = "At 21:49 on Oct 21 the link failed for 43 seconds. At 22:54 the pager went off.";
  const report = read(text, 120);
  expect(told(report)).toEqual([
    "1: 2026-10-21T19:49:00 to 2026-10-21T19:49:43 note serving",
    "1: 2026-10-21T20:54:00 alert serving",
  ]);
  expect(report.needs).toEqual({ date: true, zone: true });
  expect(report.entries[0]?.assumed).toEqual([
    { what: "zone", why: "the text names none" },
    { what: "year", why: "the text names none" },
  ]);
  expect(told(read("10:00 cache restarted"))).toEqual(["1: 2026-11-20T10:00:00 mitigation people"]);
});

test("a zone for the whole text may stand below; the next morning is a day later", () => {
  const report =
    read(`On 4 May 2026 at 23:10 the queue filled. The next morning at 6am, it was drained.

Times are in PDT.`);
  expect(told(report)).toEqual([
    "1: 2026-05-05T06:10:00 note serving",
    "1: 2026-05-05T13:00:00 mitigation people",
  ]);
  expect(report.entries[0]?.assumed).toEqual([{ what: "zone", why: "taken from line 3" }]);
});

test("the same told twice is one entry, and the second place is known", () => {
  const { entries, repeated } = read(`2026-01-05 10:00 UTC deployment of search 4.1 to all hosts

In short: the deployment of search 4.1 (2026-01-05 10:00 UTC) went to all hosts.`);
  expect(entries).toHaveLength(1);
  expect(repeated).toEqual([{ line: 3, said: "2026-01-05 10:00 UTC", of: 1 }]);
});

test("ranges: over midnight, with days of their own, with one zone behind", () => {
  const ends = (text: string) => told(read(text)).map((t) => t.split(" ").slice(1, 4).join(" "));
  expect(ends("2026-01-05: from 23:50 to 00:20 UTC reads failed")).toEqual([
    "2026-01-05T23:50:00 to 2026-01-06T00:20:00",
  ]);
  expect(ends("Between 2026-01-05 23:50 and 2026-01-06 01:20 EST reads failed")).toEqual([
    "2026-01-06T04:50:00 to 2026-01-06T06:20:00",
  ]);
});

test("the whole of a line in ISO 8601", () => {
  expect(told(read("2026-03-01T04:05:06Z rollback of payment"))).toEqual([
    "1: 2026-03-01T04:05:06 rollback people",
  ]);
});

describe("no times", () => {
  test.each([
    "a ratio of 3:1, version 2.14.3, v12, host 10.2.3.4, commit 3fa85f6, 14 ms, 31%, $1.5m",
    "see https://example.com/2026/03/12/10:00 and `at 10:00`",
    "It lasted for 20 minutes, within 3 hours of the release, and every 5 minutes.",
    "```\n10:00 log line\n```",
    "",
  ])("%s", (text) => {
    expect(read(text).entries).toEqual([]);
  });
});

test("places are those of the text, whatever stands in it", () => {
  const words = fc.constantFrom(
    ..."at|10:00|10:05 UTC|12 March 2026|**|`|```|- |# |\n|\n\n|. |The pager|| |next day|https://a.b/10:00".split(
      "|",
    ),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
      const text = parts.join(" ");
      expect(masked(text)).toHaveLength(text.length);
      let last = 0;
      for (const { line, start, end, said } of read(text).entries) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        expect(line).toBe(text.slice(0, start).split("\n").length);
        const bare = (s: string) => s.replace(/[*`#|\s-]/gu, "");
        expect(bare(text.slice(start, end))).toContain(bare(said));
        last = end;
      }
    }),
    { numRuns: 300 },
  );
});

test("two public incidents: an article after a time is no half of a day, a report's own date no day of it", () => {
  const file = (name: string) =>
    readFileSync(new URL(`../../reference/postmortems/${name}.md`, import.meta.url), "utf8");
  const times = (name: string) =>
    told(read(file(name))).map((line) => line.split(" ").slice(0, 2).join(" "));
  expect(times("cloudflare-2019")).toEqual([
    "5: 2019-07-02T13:42:00",
    "6: 2019-07-02T13:45:00",
    "7: 2019-07-02T14:00:00",
    "8: 2019-07-02T14:02:00",
    "9: 2019-07-02T14:07:00",
    "10: 2019-07-02T14:09:00",
    "11: 2019-07-02T14:52:00",
  ]);
  expect(times("gitlab-2017").filter((line) => !/2017-0(?:1-31|2-01)/.test(line))).toEqual([]);
});
