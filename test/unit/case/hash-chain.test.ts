import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, verifyChain } from "../../../shared/case/hash-chain.ts";
import { upgradeCaseFile, upgradeLine } from "../../../shared/case/upgrade.ts";
import { journalOf, nodeHash, pin, write } from "./journal-helpers.ts";

const LINES = journalOf(write("a"), write("b"), pin("f"), write("c"));

/** The journal as another program would have left it. */
function tampered(edit: (lines: Record<string, unknown>[]) => unknown[]): string[] {
  const lines = JSON.parse(JSON.stringify(LINES)) as Record<string, unknown>[];
  return verifyChain(edit(lines), nodeHash).map(({ line, what }) => `${String(line)} ${what}`);
}

describe("canonical JSON", () => {
  test("sorts keys, leaves out undefined, has no white space", () => {
    expect(canonicalJson({ b: [1, { d: null, c: "x" }], a: undefined, Z: true })).toBe(
      '{"Z":true,"b":[1,{"c":"x","d":null}]}',
    );
  });

  test("is the same before and after the disk", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const back = JSON.parse(JSON.stringify(value)) as unknown;
        expect(canonicalJson(back)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(back);
      }),
    );
  });
});

describe("the chain", () => {
  test("a sound journal has no breaks", () => {
    expect(tampered((lines) => lines)).toEqual([]);
  });

  test("names the line whose content was edited", () => {
    const edited = tampered((lines) => {
      lines[1] = { ...lines[1], data: { text: "forged" } };
      return lines;
    });
    expect(edited).toEqual(["2 content"]);
  });

  test("names the line after one that was edited and sealed anew", () => {
    const resealed = tampered((lines) => {
      const { hash, ...content } = {
        ...lines[1],
        data: { text: "forged" },
      } as Record<string, unknown>;
      lines[1] = { ...content, hash: nodeHash(canonicalJson(content)) };
      expect(hash).not.toBe(lines[1]["hash"]);
      return lines;
    });
    expect(resealed).toEqual(["3 link"]);
  });

  test("names the place of a removed, a doubled and a swapped line", () => {
    expect(tampered((lines) => lines.toSpliced(1, 1))).toEqual(["2 link"]);
    expect(tampered((lines) => [...lines.slice(0, 2), ...lines.slice(1)])).toEqual(["3 link"]);
    expect(tampered(([a, b, c, d]) => [a, c, b, d])).toEqual(["2 link", "3 link", "4 link"]);
    expect(tampered((lines) => lines.slice(1))).toEqual(["1 link"]);
  });

  test("a member that was added is an edit", () => {
    expect(tampered((lines) => [{ ...lines[0], note: "x" }, ...lines.slice(1)])).toEqual([
      "1 content",
    ]);
  });

  test("goes on after a line that cannot be parsed", () => {
    expect(tampered((lines) => lines.with(1, null as never))).toEqual([]);
  });
});

describe("upgrade", () => {
  test("says that a case is from a newer version", () => {
    const read = upgradeCaseFile({
      inquest: 2,
      id: "x",
      name: "x",
      createdAt: "",
    });
    expect(read).toMatchObject({ ok: false });
    expect(JSON.stringify(read)).toContain("newer version of Inquest");
  });

  test("says which member is wrong", () => {
    expect(JSON.stringify(upgradeCaseFile({ inquest: 1, id: 3 }))).toContain("id:");
    expect(upgradeLine({ ...LINES[0], type: "from/the-future" }, 1).ok).toBe(false);
    expect(upgradeLine(LINES[0], 1)).toEqual({ ok: true, value: LINES[0] });
  });
});
