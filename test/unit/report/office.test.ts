import fc from "fast-check";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { Block, BlockDocument } from "../../../shared/report/blocks.ts";
import { plainText } from "../../../shared/report/blocks.ts";
import { buildReport } from "../../../shared/report/build-report.ts";
import { renderDocx } from "../../../shared/report/office/docx.ts";
import { renderPptx } from "../../../shared/report/office/pptx.ts";
import { flow, SLIDE } from "../../../shared/report/office/slide-flow.ts";
import { slidesOf } from "../../../shared/report/slides.ts";
import { plain } from "../../support/exports.ts";
import { reportFixture } from "./report-fixture.ts";

/** A window draws the pictures; here one white pixel stands in for each. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=",
  "base64",
);
const rasterise = () => Promise.resolve(new Uint8Array(PIXEL));

function report(): BlockDocument {
  const input = reportFixture();
  const [finding] = input.state.findings;
  const summary = `It fell by [3.2 %](F:${finding?.id ?? ""}) and again [3.2 %](F:${finding?.id ?? ""}), 17 times.`;
  return buildReport({ ...input, state: { ...input.state, summary } }, "technical");
}

async function partsOf(render: Promise<Uint8Array>): Promise<Record<string, string>> {
  const files = unzipSync(await render);
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      name,
      /\.(?:xml|rels)$/.test(name) ? strFromU8(bytes) : "",
    ]),
  );
}

const squeezed = (text: string) => text.replace(/\s+/g, "");

describe("Word", () => {
  test("every text, heading and picture of the report stands in it, in Word's own kinds", async () => {
    const document = report();
    const parts = await partsOf(renderDocx(document, rasterise));
    const xml = parts["word/document.xml"] ?? "";
    const words = squeezed(plain(xml));
    const pictures = document.sections.flatMap((s) => s.blocks).filter((b) => b.kind === "picture");
    for (const section of document.sections) {
      expect(words).toContain(squeezed(section.title));
      for (const block of section.blocks) {
        if (block.kind === "paragraph" && block.inlines.every((i) => i.kind === "text")) {
          expect(words).toContain(squeezed(plainText(block.inlines)));
        }
      }
    }
    expect(pictures.length).toBeGreaterThan(0);
    expect(xml.match(/<wp:docPr [^>]*descr="[^"]+"/g)).toHaveLength(pictures.length);
    expect(xml.match(/<w:pStyle w:val="Heading1"\/>/g)).toHaveLength(document.sections.length);
    expect(xml).toMatch(/SEQ Figure/);
    expect(xml).toContain("<w:tblHeader");
  });

  test("a number's source is a footnote where it first stands, and a link to it after that", async () => {
    const document = report();
    const parts = await partsOf(renderDocx(document, rasterise));
    const xml = parts["word/document.xml"] ?? "";
    expect(document.footnotes).toHaveLength(2);
    expect(xml.match(/<w:footnoteReference /g)).toHaveLength(2);
    const notes = plain(parts["word/footnotes.xml"] ?? "");
    expect(notes).toMatch(/Finding 1: .*SHA-256/);
    expect(notes).toContain("Typed by hand");
  });
});

describe("PowerPoint", () => {
  test("each slide has its title in the layout's place, nothing leaves the slide, sources stand in the notes", async () => {
    const document = report();
    const parts = await partsOf(renderPptx(document, rasterise));
    const slides = Object.entries(parts).filter(([name]) =>
      /^ppt\/slides\/slide\d+\.xml$/.test(name),
    );
    expect(slides.length).toBeGreaterThanOrEqual(slidesOf(document).length + 1);
    const [wide, high] = [SLIDE.width * 914_400 + 9144, SLIDE.height * 914_400 + 9144];
    for (const [name, xml] of slides) {
      expect(xml, name).toContain('type="title"');
      const placed = [
        ...xml.matchAll(/<a:off x="(-?\d+)" y="(-?\d+)"\s*\/>\s*<a:ext cx="(\d+)" cy="(\d+)"/g),
      ];
      expect(placed.length, name).toBeGreaterThan(1);
      for (const [, x, y, w, h] of placed) {
        expect(Number(x) >= 0 && Number(x) + Number(w) <= wide, `${name}: ${x} + ${w}`).toBe(true);
        expect(Number(y) >= 0 && Number(y) + Number(h) <= high, `${name}: ${y} + ${h}`).toBe(true);
      }
    }
    const notes = Object.entries(parts)
      .filter(([name]) => /^ppt\/notesSlides\/notesSlide\d+\.xml$/.test(name))
      .map(([, xml]) => plain(xml))
      .join("\n");
    expect(notes).toMatch(/Sources:\s+1\. Finding 1/);
  });

  test("whatever the blocks, each is placed within a slide and none is lost", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "W"), maxLength: 900 });
    const inline = (t: string) => [{ kind: "text" as const, text: t }];
    const block: fc.Arbitrary<Block> = fc.oneof(
      text.map((t): Block => ({ kind: "paragraph", inlines: inline(t) })),
      fc
        .array(text, { minLength: 1, maxLength: 30 })
        .map((items): Block => ({ kind: "list", ordered: false, items: items.map(inline) })),
      fc.array(text, { minLength: 1, maxLength: 60 }).map((cells): Block => ({
        kind: "table",
        caption: "c",
        columns: [{ title: "A" }, { title: "B", numeric: true }],
        rows: cells.map((t) => [inline(t.slice(0, 200)), inline("1")]),
      })),
      fc.constant<Block>({
        kind: "picture",
        caption: "p",
        picture: { svg: "", width: 640, height: 300, alt: "", title: "" },
      }),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 6 }), (blocks) => {
        const slides = flow(blocks);
        for (const { y, height } of slides.flat()) {
          expect(y).toBeGreaterThanOrEqual(SLIDE.top);
          expect(y + height).toBeLessThanOrEqual(SLIDE.bottom + 1e-9);
        }
        const rows = (list: readonly Block[]) =>
          list.reduce((sum, b) => sum + (b.kind === "table" ? b.rows.length : 0), 0);
        const items = (list: readonly Block[]) =>
          list.reduce((sum, b) => sum + (b.kind === "list" ? b.items.length : 0), 0);
        const placed = slides.flat().map((p) => p.block);
        expect(rows(placed)).toBe(rows(blocks));
        expect(items(placed)).toBe(items(blocks));
      }),
      { numRuns: 200, seed: 6 },
    );
  });
});
