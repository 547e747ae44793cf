import { expect, test } from "vitest";
import type { RedactionKind } from "../../../shared/redaction/detectors.ts";
import { previewReportRedaction, redactReport } from "../../../shared/report/redact-report.ts";
import { findingsFile } from "../../../shared/report/findings-json.ts";
import type { ReportInput } from "../../../shared/report/report-input.ts";
import { htmlOf, markdownOf, reportFixture } from "./report-fixture.ts";

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

function redact(input: ReportInput, kinds: readonly RedactionKind[], names: string[] = []) {
  return redactReport(input, { kinds, names }).input;
}

const SECRETS = ["ann.o'hara+x@mail.example.org", "10.20.30.41", "2001:db8::8a2e:370:7334"];

test("no mail address and no IP address is left in any format", () => {
  const input = redact(withText(`(${SECRETS.join(") (")})`), ["email", "ip"]);
  const files = [htmlOf(input), markdownOf(input), JSON.stringify(findingsFile(input, []))];
  for (const text of files) {
    for (const rest of ["mail.example", "10.20.30.41", "db8", "8a2e"])
      expect(text.includes(rest), rest).toBe(false);
    expect(text.replaceAll("\\", "").includes("[ip 1]")).toBe(true);
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

test("a value has one pseudonym in all exports of a case, and the list of values stays at home", () => {
  const input = withText(SECRETS.join(" "));
  input.state.pseudonyms = [{ kind: "ip", value: "10.20.30.41", pseudonym: "[ip 7]" }];
  input.state.redactionNames = ["Ann O'Hara"];
  const text = JSON.stringify(redact(input, ["ip"]));
  expect(text).toContain("[ip 7]");
  expect(text).toContain("[ip 8]");
  expect(text).not.toContain("Ann O'Hara");
  expect(text).not.toContain("10.20.30.41");
});

test("the preview counts what the redaction replaces and changes nothing", () => {
  const input = withText(" (ann@mail.example.org)");
  const before = JSON.stringify(input);
  const found = previewReportRedaction(input, { kinds: ["email"], names: [] });
  const text = JSON.stringify(redact(input, ["email"]));
  expect(found.items.map((i) => [i.kind, i.value])).toEqual([["email", "ann@mail.example.org"]]);
  expect(found.total).toBe(text.split("[email 1]").length - 1);
  expect(JSON.stringify(input)).toBe(before);
});
