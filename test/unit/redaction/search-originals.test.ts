import { expect, test } from "vitest";
import type { RedactionKind } from "../../../shared/redaction/detectors.ts";
import { findOriginals } from "../../../shared/redaction/search-originals.ts";

const find = (text: string, kind: RedactionKind, value: string) =>
  findOriginals(text, [{ kind, value }]);

test.each<[RedactionKind, string, string]>([
  ["email", "bob@example.org", "<BOB@Example.ORG>"],
  ["email", "o'hara@example.org", "o&#39;hara@example.org"],
  ["email", "o'hara@example.org", "o&#x27;hara&#64;example.org"],
  ["email", "bob@example.org", "bob%40example.org"],
  ["email", "bob@example.org", "bob%2540example.org"],
  ["email", "bob@example.org", "bob\\u0040example.org"],
  ["email", "bob@example.org", "bob@exam\u00adple.org"],
  ["email", "bob@example.org", "bob@example\u200b.org"],
  ["email", "bob@example.org", "bob@<wbr>example&shy;.org"],
  ["email", "bob.ross@example.org", "bob\\.ross\\@example\\.org"],
  ["phone", "+49 30 901820", "4930901820"],
  ["phone", "+49 30 901820", "0049/30/901820"],
  ["phone", "(020) 7946 0018", "020.7946.0018"],
  ["phone", "555-123-4567", "5551234567"],
  ["iban", "DE89 3704 0044 0532 0130 00", "de89370400440532013000"],
  ["iban", "DE89370400440532013000", "DE89-3704-0044-0532-0130-00"],
  ["card", "4111 1111 1111 1111", "4111111111111111"],
  ["card", "4111111111111111", "4111\u00a01111\u00a01111\u00a01111"],
  ["mac", "aa:bb:cc:dd:ee:ff", "AABB.CCDD.EEFF"],
  ["ip", "2001:db8::1", "2001:0DB8:0:0:0:0:0:1"],
  ["ip", "10.0.0.1", "version 10.0.0.1"],
  ["name", "Ann Lee", "chart_ann_lee.svg"],
  ["name", "Ann Lee", "Ann&nbsp;Lee"],
  ["name", "Zoë Müller", "Zoe\u0301 Mu\\u0308ller"],
  ["name", "R&D", "R&amp;D"],
  ["name", "Al", "told al."],
  ["secret", "p&ss<w>rd1", "p&amp;ss&lt;w&gt;rd1"],
  ["secret", 'say "x" 12', JSON.stringify({ a: 'say "x" 12' })],
  ["secret", "9f86d081884c7d65", "x9f86d081884c7d65x"],
  ["secret", "hunter2", "typed hunter2?"],
  ["secret", "admin", "password=admin"],
])("%s %s is found in %s", (kind, value, text) => {
  const [found] = find(`first ${text} last`, kind, value);
  expect(found).toMatchObject({ kind, value });
  expect(found!.at).toBeGreaterThanOrEqual(6);
  expect(found!.at).toBeLessThan(6 + text.length);
});

test.each<[RedactionKind, string, string]>([
  ["name", "Al", "total"],
  ["name", "Al", "Also alpha, cal"],
  ["name", "name", "[name 1] [email 2]"],
  ["name", "name", "\\[name 1\\]"],
  ["name", "1", "[ip 1]"],
  ["email", "bob@example.org", "kbob@example.org"],
  ["email", "bob@example.org", "bob@example.organic"],
  ["phone", "555-123-4567", "15551234567890"],
  ["phone", "555-123-4567", "555,123,4567"],
  ["card", "4111111111111111", "94111111111111111"],
  ["ip", "10.0.0.1", "110.0.0.1, 10.0.0.12, 10001, 10.0.0.1.5"],
  ["ip", "::1", "fe80::1"],
  ["secret", "admin", "the admin logged in"],
  ["secret", "hunter2", "hunter21"],
  ["mac", "aa:bb:cc:dd:ee:ff", "aabbccddeeff00"],
])("%s %s is not in %s", (kind, value, text) => {
  expect(find(text, kind, value)).toEqual([]);
});

test("all places, in order, each once", () => {
  const text = "Al, bob@example.org; Al &amp; 10.0.0.1";
  const found = findOriginals(text, [
    { kind: "ip", value: "10.0.0.1" },
    { kind: "name", value: "Al" },
    { kind: "email", value: "bob@example.org" },
  ]);
  expect(found.map(({ value, at }) => [value, at])).toEqual([
    ["Al", 0],
    ["bob@example.org", 4],
    ["Al", 21],
    ["10.0.0.1", 30],
  ]);
});
