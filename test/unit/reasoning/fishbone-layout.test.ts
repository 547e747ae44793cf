import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FishboneCause } from "../../../shared/model/reasoning.ts";
import {
  boneAt,
  layoutFishbone,
  type Fishbone,
  type FishboneLayout,
  type FishboneLine,
} from "../../../shared/reasoning/fishbone-layout.ts";
import {
  approximateWidth,
  wrapText,
  type FishboneText,
} from "../../../shared/reasoning/fishbone-text.ts";

const words = fc.oneof(
  fc.string({ maxLength: 160 }),
  fc.lorem({ maxCount: 18 }),
  fc.stringMatching(/^[A-Za-z0-9_./-]{0,60}$/),
  fc.constantFrom("", "特徴量パイプラインの障害", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"),
);

/** 2 to 10 bones, 0 to 12 causes each, two levels below a cause. */
const fishbones: fc.Arbitrary<Fishbone> = fc
  .record({
    problem: words,
    names: fc.array(words, { minLength: 2, maxLength: 10 }),
    causes: fc.array(
      fc.record({
        bone: fc.nat(),
        text: words,
        cites: fc.subarray(["f1", "f2", "f3"]),
        below: fc.array(fc.record({ text: words, below: fc.array(words, { maxLength: 2 }) }), {
          maxLength: 3,
        }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(({ problem, names, causes }) => {
    const flat: FishboneCause[] = [];
    const used = new Map<number, number>();
    causes.forEach(({ bone, text, cites, below }, i) => {
      const at = bone % names.length;
      const count = (used.get(at) ?? 0) + 1;
      if (count > 12) return;
      used.set(at, count);
      const add = (id: string, parentId: string | null, said: string) =>
        flat.push({
          id,
          parentId,
          categoryId: `c${String(at)}`,
          text: said,
          findingIds: parentId === null ? cites : [],
        });
      add(String(i), null, text);
      below.forEach((sub, j) => {
        add(`${String(i)}.${String(j)}`, String(i), sub.text);
        sub.below.forEach((leaf, k) => {
          add(`${String(i)}.${String(j)}.${String(k)}`, `${String(i)}.${String(j)}`, leaf);
        });
      });
    });
    return {
      problem,
      categories: names.map((name, i) => ({ id: `c${String(i)}`, name })),
      causes: flat,
      findings: [{ id: "f1" }, { id: "f2" }, { id: "f3" }],
    };
  });

function overlaps(a: FishboneText, b: FishboneText): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether a bone passes through the inside of a text. */
function crosses(line: FishboneLine, text: FishboneText): boolean {
  for (let step = 0; step <= 400; step++) {
    const t = step / 400;
    const x = line.x1 + t * (line.x2 - line.x1);
    const y = line.y1 + t * (line.y2 - line.y1);
    if (x > text.x && x < text.x + text.width && y > text.y + 0.5 && y < text.y + text.height - 0.5)
      return true;
  }
  return false;
}

describe("a fishbone", () => {
  test("has no text on another, all inside of the picture, and no bone through a text", () => {
    fc.assert(
      fc.property(fishbones, (fishbone) => {
        const { texts, lines, width, height } = layoutFishbone(fishbone);
        expect(texts).toHaveLength(fishbone.categories.length + fishbone.causes.length + 1);
        const bones = lines.filter((l) => l.kind === "bone" || l.kind === "spine");
        texts.forEach((text, i) => {
          for (const other of texts.slice(i + 1)) {
            if (overlaps(text, other)) throw new Error(`${text.id} lies on ${other.id}`);
          }
          for (const bone of bones) {
            if (crosses(bone, text)) throw new Error(`bone ${bone.id} crosses ${text.id}`);
          }
          const inside =
            text.x >= 0 &&
            text.y >= 0 &&
            text.x + text.width <= width &&
            text.y + text.height <= height;
          if (!inside) throw new Error(`${text.id} leaves the picture`);
          for (const line of text.lines) {
            const end = line.x + approximateWidth(line.text, text.size, text.bold);
            const most = text.x + Math.max(text.width, approximateWidth("W", text.size, true));
            if (end > most + 0.01) throw new Error(`a line of ${text.id} is too long`);
          }
        });
        for (const l of lines) {
          const xs = [l.x1, l.x2];
          const ys = [l.y1, l.y2];
          expect(Math.min(...xs, ...ys)).toBeGreaterThanOrEqual(0);
          expect(Math.max(...xs)).toBeLessThanOrEqual(width);
          expect(Math.max(...ys)).toBeLessThanOrEqual(height);
        }
      }),
      { numRuns: 150 },
    );
  });

  const cause = (
    id: string,
    categoryId: string,
    parentId: string | null = null,
  ): FishboneCause => ({
    id,
    categoryId,
    parentId,
    text: `cause ${id}`,
    findingIds: id === "a" ? ["f2", "gone"] : [],
  });
  const four = (causes: FishboneCause[]): FishboneLayout =>
    layoutFishbone({
      problem: "Click rate fell",
      categories: ["People", "Process", "Technology", "Environment"].map((name) => ({
        id: name,
        name,
      })),
      causes,
      findings: [{ id: "f1" }, { id: "f2" }],
    });
  const text = (layout: FishboneLayout, id: string): FishboneText => {
    const found = layout.texts.find((t) => t.id === id);
    if (found === undefined) throw new Error(`no text ${id}`);
    return found;
  };

  test("has its head at the right, and bones above and below in turns", () => {
    const layout = four([]);
    const spine = layout.lines.find((l) => l.kind === "spine");
    if (spine === undefined) throw new Error("no spine");
    expect(text(layout, "problem").x).toBe(spine.x2);
    expect(text(layout, "People").y).toBeLessThan(spine.y1);
    expect(text(layout, "Process").y).toBeGreaterThan(spine.y1);
    expect(text(layout, "Technology").y).toBe(text(layout, "People").y);
    expect(text(layout, "Technology").x).toBeGreaterThan(text(layout, "People").x);
    for (const bone of layout.lines.filter((l) => l.kind === "bone")) {
      expect(bone.x1).toBeLessThan(bone.x2);
      expect(bone.y2).toBe(spine.y1);
    }
  });

  test("ends the line of a cause at its bone", () => {
    const layout = four([cause("a", "Process"), cause("b", "Process")]);
    const bone = layout.lines.find((l) => l.kind === "bone" && l.id === "Process");
    const lines = layout.lines.filter((l) => l.kind === "cause");
    expect(lines.map((l) => l.id)).toEqual(["a", "b"]);
    for (const line of lines) {
      if (bone === undefined) throw new Error("no bone");
      const slope = (bone.x2 - bone.x1) / (bone.y2 - bone.y1);
      expect(line.x2).toBeCloseTo(bone.x1 + (line.y2 - bone.y1) * slope, 6);
      expect(line.y1).toBe(line.y2);
    }
  });

  test("hangs sub-causes below their cause, indented and smaller, and grows with them", () => {
    const short = four([cause("a", "People")]);
    const many = Array.from({ length: 9 }, (_, i) => cause(`s${String(i)}`, "People", "a"));
    const long = four([cause("a", "People"), ...many, cause("leaf", "People", "s0")]);
    expect(long.height).toBeGreaterThan(short.height + 80);
    const [a, s, leaf] = [text(long, "a"), text(long, "s0"), text(long, "leaf")];
    expect([a.level, s.level, leaf.level]).toEqual([0, 1, 2]);
    expect(s.x).toBeGreaterThan(a.x);
    expect(leaf.x).toBeGreaterThan(s.x);
    expect(s.y).toBeGreaterThan(a.y);
    expect(leaf.size).toBeLessThan(a.size);
  });

  test("names cited findings by number, and those that are gone not at all", () => {
    expect(text(four([cause("a", "People")]), "a").marks?.text).toBe("F2");
    expect(text(four([cause("b", "People")]), "b").marks).toBeNull();
  });

  test("knows the bone at a place", () => {
    const layout = four([cause("a", "People"), cause("b", "Process"), cause("c", "Technology")]);
    for (const [id, bone] of [
      ["a", "People"],
      ["b", "Process"],
      ["c", "Technology"],
      ["People", "People"],
      ["Environment", "Environment"],
    ] as const) {
      const { x, y, width, height } = text(layout, id);
      expect(boneAt(layout, x + width / 2, y + height / 2)).toBe(bone);
    }
    expect(boneAt(layout, layout.width, 5)).toBe("Technology");
    expect(boneAt(layout, layout.width, layout.height - 5)).toBe("Environment");
  });
});

test("a text breaks between words, and inside of a word that is too long", () => {
  const width = (line: string) => line.length;
  expect(wrapText("one two three", 7, width)).toEqual(["one two", "three"]);
  expect(wrapText("abcdefghij k", 4, width)).toEqual(["abcd", "efgh", "ij k"]);
  expect(wrapText("  ", 4, width)).toEqual([""]);
});
