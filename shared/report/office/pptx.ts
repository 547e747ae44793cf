import PptxGenJS from "pptxgenjs";
import { plainText, type Block, type BlockDocument, type Inline } from "../blocks.ts";
import { slidesOf } from "../slides.ts";
import {
  CALLOUTS,
  clean,
  INK,
  isByHand,
  PICTURE_SCALE,
  type Rasterise,
  statusText,
  TONES,
} from "./office-text.ts";
import {
  CONTENT_WIDTH,
  FIGURE_HEIGHT,
  FIGURES_PER_ROW,
  flow,
  type Placed,
  SIZES,
  SLIDE,
} from "./slide-flow.ts";

const FONT = "Calibri";
const MONO = "Consolas";
const MASTER = "Inquest";
const COVER = "Inquest cover";

type Deck = InstanceType<typeof PptxGenJS>;
type Slide = ReturnType<Deck["addSlide"]>;
type Run = PptxGenJS.TextProps;

/**
 * The report as a deck: a part a slide, more where it needs them; titles are in
 * the places of the layout, notes hold what the speaker says and where the
 * numbers of the slide come from.
 */
export async function renderPptx(
  document: BlockDocument,
  rasterise: Rasterise,
): Promise<Uint8Array> {
  const deck = new PptxGenJS();
  deck.layout = "LAYOUT_WIDE";
  deck.title = clean(document.title);
  deck.subject = "Root cause analysis";
  deck.author = "Inquest";
  deck.company = "";
  deck.theme = { headFontFace: FONT, bodyFontFace: FONT };
  layouts(deck, document);
  cover(deck, document);
  for (const { title, blocks, notes } of slidesOf(document)) {
    const pages = flow(blocks);
    for (const [k, page] of pages.entries()) {
      const slide = deck.addSlide({ masterName: MASTER });
      slide.addText(clean(k === 0 ? title : `${title} (continued)`), { placeholder: "title" });
      for (const placed of page) await put(slide, placed, document, rasterise);
      const said = [k === 0 ? notes : "", sourcesOf(page, document)].filter((t) => t !== "");
      if (said.length > 0) slide.addNotes(clean(said.join("\n\n")));
    }
  }
  const bytes = await deck.write({ outputType: "uint8array" });
  if (!(bytes instanceof Uint8Array)) throw new Error("The deck could not be packed.");
  return bytes;
}

function layouts(deck: Deck, { title, status, version }: BlockDocument): void {
  deck.defineSlideMaster({
    title: COVER,
    background: { color: "FFFFFF" },
    objects: [
      { rect: { x: 0, y: 0, w: 0.18, h: SLIDE.height, fill: { color: INK.baseline } } },
      {
        placeholder: {
          options: {
            name: "title",
            type: "title",
            x: 0.9,
            y: 1.5,
            w: 11.5,
            h: 1.5,
            fontFace: FONT,
            fontSize: 38,
            bold: true,
            color: INK.text,
            align: "left",
            valign: "bottom",
            margin: 0,
          },
          text: "",
        },
      },
    ],
  });
  deck.defineSlideMaster({
    title: MASTER,
    background: { color: "FFFFFF" },
    objects: [
      {
        placeholder: {
          options: {
            name: "title",
            type: "title",
            x: SLIDE.left,
            y: 0.35,
            w: CONTENT_WIDTH,
            h: 0.75,
            fontFace: FONT,
            fontSize: 28,
            bold: true,
            color: INK.text,
            align: "left",
            valign: "middle",
            margin: 0,
          },
          text: "",
        },
      },
      {
        line: {
          x: SLIDE.left,
          y: 1.12,
          w: CONTENT_WIDTH,
          h: 0,
          line: { color: INK.baseline, width: 1.5 },
        },
      },
      {
        text: {
          text: clean(`${title} · ${statusText(status, version)}`),
          options: {
            x: SLIDE.left,
            y: 7.05,
            w: 10.5,
            h: 0.3,
            margin: 0,
            fontFace: FONT,
            fontSize: 10,
            color: INK.muted,
          },
        },
      },
    ],
    slideNumber: {
      x: SLIDE.width - SLIDE.left - 0.8,
      y: 7.05,
      w: 0.8,
      h: 0.3,
      align: "right",
      fontFace: FONT,
      fontSize: 10,
      color: INK.muted,
    },
  });
}

function cover(deck: Deck, document: BlockDocument): void {
  const { title, subtitle, status, version, windows, verdict } = document;
  const slide = deck.addSlide({ masterName: COVER });
  slide.addText(clean(title), { placeholder: "title" });
  slide.addText(
    [
      { text: clean(subtitle), options: { breakLine: true, color: INK.muted } },
      { text: statusText(status, version), options: { bold: true, color: INK.incident } },
    ],
    { x: 0.9, y: 3.1, w: 11.5, h: 0.9, margin: 0, fontFace: FONT, fontSize: 18, valign: "top" },
  );
  slide.addText(
    windows.map(({ which, text }) => ({
      text: clean(`${which === "baseline" ? "● Baseline" : "◆ Incident"}  ${text}`),
      options: { breakLine: true, color: which === "baseline" ? INK.baseline : INK.incident },
    })),
    { x: 0.9, y: 4.2, w: 11.5, h: 1, margin: 0, fontFace: FONT, fontSize: 15, valign: "top" },
  );
  slide.addText(clean(verdict), {
    x: 0.9,
    y: 5.4,
    w: 11.5,
    h: 1,
    margin: 0,
    fontFace: FONT,
    fontSize: 18,
    color: INK.text,
    valign: "top",
    fit: "shrink",
  });
}

async function put(
  slide: Slide,
  placed: Placed,
  document: BlockDocument,
  rasterise: Rasterise,
): Promise<void> {
  const { block, y, height } = placed;
  const box = { x: SLIDE.left, y, w: CONTENT_WIDTH, h: height, margin: 0, fontFace: FONT } as const;
  switch (block.kind) {
    case "heading":
      slide.addText(
        [
          { text: clean(block.text), options: { bold: true } },
          ...(block.aside === undefined
            ? []
            : [
                {
                  text: clean(`  ${block.aside}`),
                  options: { color: INK.muted, fontSize: SIZES.muted },
                },
              ]),
        ],
        { ...box, fontSize: SIZES.lead, color: INK.text, valign: "top", fit: "shrink" },
      );
      return;
    case "paragraph":
      slide.addText(runs(block.inlines, document), {
        ...box,
        fontSize: SIZES[block.style ?? "text"],
        color: block.style === "muted" || block.style === "source" ? INK.muted : INK.text,
        valign: "top",
        fit: "shrink",
      });
      return;
    case "list":
      slide.addText(
        block.items.flatMap((item) =>
          ended(
            runs(item, document),
            block.ordered ? { type: "number", indent: 18 } : { indent: 16 },
          ),
        ),
        { ...box, fontSize: SIZES.text, color: INK.text, valign: "top", fit: "shrink" },
      );
      return;
    case "table":
      putTable(slide, placed, block, document);
      return;
    case "figures":
      putFigures(slide, block, y, document);
      return;
    case "picture": {
      const png = await rasterise(block.picture, PICTURE_SCALE);
      const caption = block.caption === "" ? 0 : 0.35;
      const room = { w: CONTENT_WIDTH, h: height - caption };
      const fit = Math.min(room.w / block.picture.width, room.h / block.picture.height);
      const size = { w: block.picture.width * fit, h: block.picture.height * fit };
      slide.addImage({
        data: `image/png;base64,${base64(png)}`,
        x: SLIDE.left + (CONTENT_WIDTH - size.w) / 2,
        y,
        ...size,
        altText: clean(block.picture.alt),
      });
      if (caption > 0) {
        slide.addText(clean(block.caption), {
          ...box,
          y: y + size.h,
          h: caption,
          align: "center",
          fontSize: SIZES.muted,
          italic: true,
          color: INK.muted,
        });
      }
      return;
    }
    case "callout":
      slide.addText(
        [
          ...(block.title === ""
            ? []
            : [{ text: clean(`${block.title} `), options: { bold: true } }]),
          ...runs(block.inlines, document),
        ],
        {
          ...box,
          margin: 6,
          fontSize: SIZES.text,
          color: INK.text,
          fill: { color: CALLOUTS[block.tone] },
          valign: "middle",
          fit: "shrink",
        },
      );
      return;
    case "code":
      slide.addText(
        [
          ...(block.caption === ""
            ? []
            : [
                {
                  text: clean(block.caption),
                  options: { fontFace: FONT, color: INK.muted, breakLine: true },
                },
              ]),
          { text: clean(block.text) },
        ],
        {
          ...box,
          margin: 5,
          fontFace: MONO,
          fontSize: SIZES.code,
          color: INK.text,
          fill: { color: INK.band },
          valign: "top",
          fit: "shrink",
        },
      );
      return;
    case "pageBreak":
      return;
  }
}

function putTable(
  slide: Slide,
  { y, widths = [] }: Placed,
  table: Extract<Block, { kind: "table" }>,
  document: BlockDocument,
): void {
  const caption = table.caption === "" ? 0 : 0.35;
  if (caption > 0) {
    slide.addText(clean(table.caption), {
      x: SLIDE.left,
      y,
      w: CONTENT_WIDTH,
      h: caption,
      margin: 0,
      fontFace: FONT,
      fontSize: SIZES.muted,
      bold: true,
      color: INK.text,
    });
  }
  const headless = table.columns.every((column) => column.title === "");
  const head = table.columns.map(({ title, numeric }) => ({
    text: clean(title),
    options: {
      bold: true,
      fill: { color: INK.band },
      align: numeric === true ? ("right" as const) : ("left" as const),
    },
  }));
  const rows = table.rows.map((row) =>
    table.columns.map(({ numeric }, i) => ({
      // Without this each run of a cell would begin a line.
      text: runs(row[i] ?? [], document).map((r) => ({
        ...r,
        options: { breakLine: false, ...r.options },
      })),
      options: { align: numeric === true ? ("right" as const) : ("left" as const) },
    })),
  );
  slide.addTable(headless ? rows : [head, ...rows], {
    x: SLIDE.left,
    y: y + caption,
    w: CONTENT_WIDTH,
    colW: widths.map((share) => share * CONTENT_WIDTH),
    fontFace: FONT,
    fontSize: SIZES.table,
    color: INK.text,
    border: { type: "solid", pt: 0.5, color: INK.grid },
    margin: [0.04, 0.08, 0.04, 0.08],
    valign: "top",
    autoPage: false,
  });
}

function putFigures(
  slide: Slide,
  { figures }: Extract<Block, { kind: "figures" }>,
  top: number,
  document: BlockDocument,
): void {
  const width = CONTENT_WIDTH / FIGURES_PER_ROW;
  for (const [i, { label, value }] of figures.entries()) {
    slide.addText(
      [
        {
          text: clean(label),
          options: { fontSize: SIZES.muted, color: INK.muted, breakLine: true },
        },
        ...runs(value, document).map((r) => ({ ...r, options: { ...r.options, bold: true } })),
      ],
      {
        x: SLIDE.left + (i % FIGURES_PER_ROW) * width,
        y: top + Math.floor(i / FIGURES_PER_ROW) * FIGURE_HEIGHT,
        w: width - 0.12,
        h: FIGURE_HEIGHT - 0.12,
        margin: 6,
        fontFace: FONT,
        fontSize: SIZES.lead,
        color: INK.text,
        fill: { color: INK.band },
        valign: "middle",
        fit: "shrink",
      },
    );
  }
}

/** The first run of an item carries its bullet, the last ends its line; one that carried a bullet too would begin an item. */
function ended(item: Run[], bullet: { type?: "number"; indent: number }): Run[] {
  return item.map((r, i) => ({
    ...r,
    options: {
      ...r.options,
      ...(i === 0 ? { bullet, paraSpaceAfter: 3 } : {}),
      ...(i === item.length - 1 ? { breakLine: true } : {}),
    },
  }));
}

function runs(inlines: readonly Inline[], document: BlockDocument): Run[] {
  const found: Run[] = [];
  for (const i of inlines) {
    if (i.kind === "break") {
      const last = found.pop();
      if (last !== undefined) {
        found.push({ ...last, options: { ...last.options, breakLine: true } });
      }
      continue;
    }
    if (i.kind === "ref") {
      found.push({ text: clean(i.text) });
      continue;
    }
    if (i.kind === "number") {
      found.push(
        { text: clean(i.text) },
        { text: mark(i, document), options: { superscript: true, color: INK.muted } },
      );
      continue;
    }
    found.push({
      text: clean(i.text),
      options: {
        ...(i.strong === true ? { bold: true } : {}),
        ...(i.code === true ? { fontFace: MONO } : {}),
        ...(i.tone === undefined ? {} : { color: TONES[i.tone] }),
      },
    });
  }
  return found;
}

/** Number of the source as in the printed report, or that it was typed. */
function mark(i: Extract<Inline, { kind: "number" }>, { footnotes }: BlockDocument): string {
  if (isByHand(i)) return "typed";
  return String(footnotes.findIndex((n) => n.id === i.note) + 1);
}

/** Where the numbers of a slide come from, for its notes. */
function sourcesOf(page: readonly Placed[], document: BlockDocument): string {
  const ids = new Set(page.flatMap(({ block }) => inlinesOf(block)).flatMap(noteOf));
  const told = document.footnotes.flatMap((note, i) =>
    ids.has(note.id) ? [`${i + 1}. ${plainText(note.inlines)}`] : [],
  );
  return told.length === 0 ? "" : `Sources:\n${told.join("\n")}`;
}

function noteOf(i: Inline): string[] {
  return i.kind === "number" ? [i.note] : [];
}

function inlinesOf(block: Block): Inline[] {
  switch (block.kind) {
    case "paragraph":
    case "callout":
      return [...block.inlines];
    case "list":
      return block.items.flat();
    case "table":
      return block.rows.flat(2);
    case "figures":
      return block.figures.flatMap((f) => f.value);
    case "heading":
    case "picture":
    case "code":
    case "pageBreak":
      return [];
  }
}

/** Base64 of bytes, in pieces that a call can take. */
function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let from = 0; from < bytes.length; from += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(from, from + 0x8000));
  }
  return btoa(binary);
}
