import { expect, test } from "vitest";
import { redact } from "../../../shared/report/redact.ts";
import { findingsFile } from "../../../shared/report/findings-json.ts";
import { renderHtml } from "../../../shared/report/html.ts";
import { renderMarkdown } from "../../../shared/report/markdown.ts";
import { reportFixture } from "./report-fixture.ts";

function withText(text: string) {
  const input = reportFixture();
  for (const finding of input.state.findings) {
    finding.title += ` ${text}`;
    finding.note = text;
    for (const row of finding.rows) row.text += text;
    if (finding.provenance) finding.provenance.sql += ` -- ${text}`;
  }
  for (const shift of input.comparison?.shifts ?? []) {
    shift.sentence += ` ${text}`;
    shift.id += text;
  }
  for (const evidence of input.state.evidence) evidence.name += ` ${text}`;
  return { ...input, timeline: input.timeline.map((e) => ({ ...e, title: text })) };
}

const SECRETS = ["ann.o'hara+x@mail.example.org", "10.20.30.41", "2001:db8::8a2e:370:7334"];

test("no mail address and no IP address is left in any format", () => {
  const input = redact(withText(`(${SECRETS.join(") (")})`), ["email", "ip"]);
  const files = [renderHtml(input), renderMarkdown(input), JSON.stringify(findingsFile(input, []))];
  for (const text of files) {
    for (const rest of ["mail.example", "10.20.30.41", "db8", "8a2e"])
      expect(text.includes(rest), rest).toBe(false);
    expect(text.replaceAll("\\", "").includes("[ip]")).toBe(true);
  }
});

test("identities stay, and so do the numbers", () => {
  const before = reportFixture();
  const after = redact(before, ["email", "ip"]);
  expect(after.state.evidence.map((e) => e.sha256)).toEqual(
    before.state.evidence.map((e) => e.sha256),
  );
  expect(after.state.findings).toEqual(before.state.findings);
  expect(after.comparison?.shifts.map((s) => s.effect)).toEqual(
    before.comparison?.shifts.map((s) => s.effect),
  );
});

test("nothing is touched unless it is asked for", () => {
  const input = withText(SECRETS.join(" "));
  expect(redact(input, [])).toBe(input);
  expect(JSON.stringify(redact(input, ["email"])).includes("10.20.30.41")).toBe(true);
});

test.each([
  "2024-05-01 12:30:45",
  "12:30:45.123",
  "1.2.3",
  "0.1410",
  "std::vector",
  "x::DOUBLE",
  "(b)::DATE",
  " :: ",
  "1.10.2024.5.1",
  "user@host",
])("%s is neither", (text) => {
  const input = redact(withText(`<${text}>`), ["email", "ip"]);
  expect(JSON.stringify(input).includes(text)).toBe(true);
});
