import {
  AlignmentType,
  Bookmark,
  BorderStyle,
  Document,
  Footer,
  FootnoteReferenceRun,
  HeadingLevel,
  ImageRun,
  InternalHyperlink,
  LevelFormat,
  LineRuleType,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  type ParagraphChild,
  ShadingType,
  SimpleField,
  Table,
  TableCell,
  TableLayoutType,
  TableOfContents,
  TableRow,
  TextRun,
  WidthType,
} from "docx";
import type { Block, BlockDocument, Inline, ReportPicture, TableBlock } from "../blocks.ts";
import { MONO, STYLES } from "./docx-styles.ts";
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

/** Twentieths of a point: A4 with 2 cm at the sides. */
const PAGE = { width: 11_906, height: 16_838, margin: 1_134 };
const TEXT_WIDTH = PAGE.width - 2 * PAGE.margin;
/** Pixels (96 to the inch) that a picture may take: the text's width and two thirds of the page. */
const MOST_WIDTH = Math.floor(TEXT_WIDTH / 15);
const MOST_HEIGHT = 640;
/** A report of fewer parts is found by leafing. */
const CONTENTS_FROM = 9;

const LEVELS = {
  1: HeadingLevel.HEADING_1,
  2: HeadingLevel.HEADING_2,
  3: HeadingLevel.HEADING_3,
} as const;
const NUMBERED = "numbered";

/**
 * The report as a Word document: headings, captions and footnotes are Word's
 * own, tables can be edited, pictures say in words what they show.
 */
export async function renderDocx(
  document: BlockDocument,
  rasterise: Rasterise,
): Promise<Uint8Array> {
  const writer = new Writer(document, rasterise);
  const children = await writer.body();
  const file = new Document({
    title: clean(document.title),
    subject: "Root cause analysis",
    description: clean(document.verdict),
    creator: "Inquest",
    styles: STYLES,
    numbering: {
      config: [
        {
          reference: NUMBERED,
          levels: [
            {
              level: 0,
              format: LevelFormat.DECIMAL,
              text: "%1.",
              alignment: AlignmentType.START,
              style: { paragraph: { indent: { left: 460, hanging: 320 } } },
            },
          ],
        },
      ],
    },
    footnotes: writer.footnotes(),
    sections: [
      {
        properties: {
          page: {
            size: { width: PAGE.width, height: PAGE.height },
            margin: {
              top: PAGE.margin,
              right: PAGE.margin,
              bottom: PAGE.margin,
              left: PAGE.margin,
            },
          },
        },
        footers: { default: footer(document) },
        children,
      },
    ],
  });
  return new Uint8Array(await Packer.toArrayBuffer(file));
}

function footer({ title, status, version }: BlockDocument): Footer {
  return new Footer({
    children: [
      new Paragraph({
        style: "Muted",
        tabStops: [{ type: "right", position: TEXT_WIDTH }],
        children: [
          new TextRun(clean(`${title} · ${statusText(status, version)}\t`)),
          new TextRun({ children: [PageNumber.CURRENT, " of ", PageNumber.TOTAL_PAGES] }),
        ],
      }),
    ],
  });
}

type Part = Paragraph | Table | TableOfContents;

class Writer {
  /** Footnotes in the order in which the text comes to them, by the document's ids. */
  readonly #notes: string[] = [];
  #lists = 0;
  readonly #counts = { Table: 0, Figure: 0 };

  constructor(
    private readonly document: BlockDocument,
    private readonly rasterise: Rasterise,
  ) {}

  async body(): Promise<Part[]> {
    const parts: Part[] = this.#head();
    for (const section of this.document.sections) {
      parts.push(heading(1, section.title, section.id));
      for (const block of section.blocks) parts.push(...(await this.#block(block)));
    }
    parts.push(new Paragraph({ style: "Muted", children: [run(this.document.footer)] }));
    return parts;
  }

  /** Call after `body`: only footnotes that the text comes to are written. */
  footnotes(): Record<string, { children: Paragraph[] }> {
    return Object.fromEntries(
      this.#notes.map((id, index) => {
        const note = this.document.footnotes.find((n) => n.id === id);
        // A footnote has no footnotes: its numbers are plain.
        const children = (note?.inlines ?? []).flatMap((i) => this.#inline(i, true));
        return [index + 1, { children: [new Paragraph({ children })] }];
      }),
    );
  }

  #head(): Part[] {
    const { title, subtitle, status, version, windows, verdict, sections } = this.document;
    return [
      new Paragraph({ heading: HeadingLevel.TITLE, children: [run(title)] }),
      new Paragraph({
        style: "Subtitle",
        children: [run(`${statusText(status, version)}. ${subtitle}`)],
      }),
      ...windows.map(
        ({ which, text }) =>
          new Paragraph({
            spacing: { after: 40 },
            children: [
              run(which === "baseline" ? "● Baseline " : "◆ Incident ", {
                bold: true,
                color: which === "baseline" ? INK.baseline : INK.incident,
              }),
              run(text),
            ],
          }),
      ),
      new Paragraph({
        spacing: { before: 160, after: 160 },
        children: [run(verdict, { bold: true })],
      }),
      ...(sections.length < CONTENTS_FROM
        ? []
        : [
            new TableOfContents("Contents", {
              hyperlink: true,
              headingStyleRange: "1-1",
              // Word would ask to update them, other programs leave them out: the entries are links.
              pageNumbersEntryLevelsRange: "1-1",
              tabLeader: "none",
              beginDirty: false,
            }),
          ]),
    ];
  }

  async #block(block: Block): Promise<Part[]> {
    switch (block.kind) {
      case "heading":
        return [heading(block.level, block.text, block.id, block.aside)];
      case "paragraph":
        return [
          new Paragraph({
            ...(block.style === undefined ? {} : { style: STYLE_OF[block.style] }),
            children: this.#inlines(block.inlines),
          }),
        ];
      case "list":
        return this.#list(block);
      case "table":
        return this.#table(block);
      case "figures":
        return [this.#figures(block)];
      case "picture":
        return this.#picture(block.picture, block.caption);
      case "callout":
        return [this.#callout(block)];
      case "code":
        return [
          ...(block.caption === ""
            ? []
            : [new Paragraph({ style: "Caption", children: [run(block.caption)] })]),
          ...codeLines(block.text),
        ];
      case "pageBreak":
        return [new Paragraph({ children: [new PageBreak()] })];
    }
  }

  #list(block: Extract<Block, { kind: "list" }>): Paragraph[] {
    const instance = this.#lists++;
    return block.items.map(
      (item) =>
        new Paragraph({
          ...(block.ordered
            ? { numbering: { reference: NUMBERED, level: 0, instance } }
            : { bullet: { level: 0 } }),
          spacing: { after: 60 },
          children: this.#inlines(item),
        }),
    );
  }

  #table({ caption, columns, rows }: TableBlock): Part[] {
    if (columns.length === 0) return [];
    const widths = columnWidths(columns, rows);
    const headless = columns.every((column) => column.title === "");
    const head = new TableRow({
      tableHeader: true,
      cantSplit: true,
      children: columns.map(({ title, numeric }, i) =>
        cell(widths[i] ?? 0, [run(title, { bold: true })], {
          numeric: numeric === true,
          shade: INK.band,
        }),
      ),
    });
    const body = rows.map(
      (row) =>
        new TableRow({
          cantSplit: true,
          children: columns.map(({ numeric }, i) =>
            cell(widths[i] ?? 0, this.#inlines(row[i] ?? []), { numeric: numeric === true }),
          ),
        }),
    );
    const all = headless ? body : [head, ...body];
    if (all.length === 0) return [];
    return [
      ...(caption === "" ? [] : [this.#caption("Table", caption)]),
      grid(widths, all),
      new Paragraph({ spacing: { before: 0, after: 0, line: 120, lineRule: LineRuleType.EXACT } }),
    ];
  }

  /** Large numbers side by side. */
  #figures({ figures }: Extract<Block, { kind: "figures" }>): Table {
    const PER_ROW = 4;
    const width = Math.floor(TEXT_WIDTH / PER_ROW);
    const rows: TableRow[] = [];
    for (let from = 0; from < figures.length; from += PER_ROW) {
      const own = figures.slice(from, from + PER_ROW);
      const blank = Array.from({ length: PER_ROW - own.length }, () => null);
      rows.push(
        new TableRow({
          cantSplit: true,
          children: [...own, ...blank].map(
            (figure) =>
              new TableCell({
                width: { size: width, type: WidthType.DXA },
                margins: { top: 80, bottom: 80, left: 100, right: 100 },
                children:
                  figure === null
                    ? [new Paragraph({})]
                    : [
                        new Paragraph({
                          style: "Muted",
                          spacing: { after: 0 },
                          children: [run(figure.label)],
                        }),
                        new Paragraph({
                          style: "Lead",
                          spacing: { after: 0 },
                          children: this.#inlines(figure.value),
                        }),
                      ],
              }),
          ),
        }),
      );
    }
    return grid(
      Array.from({ length: PER_ROW }, () => width),
      rows,
    );
  }

  async #picture(picture: ReportPicture, caption: string): Promise<Paragraph[]> {
    const data = await this.rasterise(picture, PICTURE_SCALE);
    const fit = Math.min(1, MOST_WIDTH / picture.width, MOST_HEIGHT / picture.height);
    const image = new ImageRun({
      type: "png",
      data,
      transformation: {
        width: Math.round(picture.width * fit),
        height: Math.round(picture.height * fit),
      },
      altText: {
        name: clean(picture.title),
        title: clean(picture.title),
        description: clean(picture.alt),
      },
    });
    return [
      new Paragraph({
        keepNext: caption !== "",
        spacing: { before: 80, after: 40, line: 240, lineRule: LineRuleType.AUTO },
        children: [image],
      }),
      ...(caption === "" ? [] : [this.#caption("Figure", caption, false)]),
    ];
  }

  #callout({ tone, title, inlines }: Extract<Block, { kind: "callout" }>): Paragraph {
    const edge = { style: BorderStyle.SINGLE, size: 24, color: INK.incident, space: 8 };
    return new Paragraph({
      shading: { type: ShadingType.CLEAR, fill: CALLOUTS[tone], color: "auto" },
      border: { left: edge },
      indent: { left: 160 },
      children: [
        ...(title === "" ? [] : [run(`${title} `, { bold: true })]),
        ...this.#inlines(inlines),
      ],
    });
  }

  /** Numbered by Word's own field; what it shows before Word has worked it out is the same. */
  #caption(what: "Table" | "Figure", text: string, keepNext = true): Paragraph {
    this.#counts[what] += 1;
    return new Paragraph({
      style: "Caption",
      keepNext,
      children: [
        run(`${what} `),
        new SimpleField(`SEQ ${what} \\* ARABIC`, String(this.#counts[what])),
        run(`. ${text}`),
      ],
    });
  }

  #inlines(inlines: readonly Inline[]): ParagraphChild[] {
    return inlines.flatMap((i) => this.#inline(i, false));
  }

  #inline(i: Inline, inNote: boolean): ParagraphChild[] {
    switch (i.kind) {
      case "break":
        return [new TextRun({ break: 1 })];
      case "ref":
        return [
          new InternalHyperlink({
            anchor: anchor(i.target),
            children: [new TextRun({ text: clean(i.text), style: "Hyperlink" })],
          }),
        ];
      case "number": {
        const text = run(i.text, isByHand(i) ? { style: "TypedNumber" } : {});
        return inNote ? [text] : [text, ...this.#reference(i.note)];
      }
      case "text":
        return [
          run(i.text, {
            ...(i.strong === true ? { bold: true } : {}),
            ...(i.code === true ? { style: "CodeText" } : {}),
            ...(i.tone === undefined ? {} : { color: TONES[i.tone] }),
          }),
        ];
    }
  }

  /** The footnote where it first comes up; later a link to that place. */
  #reference(id: string): ParagraphChild[] {
    const index = this.#notes.indexOf(id);
    if (index < 0) {
      this.#notes.push(id);
      const number = this.#notes.length;
      return [
        new Bookmark({ id: anchor(`ref-${id}`), children: [new FootnoteReferenceRun(number)] }),
      ];
    }
    return [
      new InternalHyperlink({
        anchor: anchor(`ref-${id}`),
        children: [new TextRun({ text: String(index + 1), superScript: true })],
      }),
    ];
  }
}

const STYLE_OF = { lead: "Lead", muted: "Muted", source: "Muted" } as const;

function run(
  text: string,
  options: { bold?: boolean; color?: string; style?: string; size?: number } = {},
): TextRun {
  return new TextRun({ text: clean(text), ...options });
}

function heading(level: 1 | 2 | 3, text: string, id: string, aside?: string): Paragraph {
  return new Paragraph({
    heading: LEVELS[level],
    children: [
      new Bookmark({ id: anchor(id), children: [run(text)] }),
      ...(aside === undefined
        ? []
        : [run(` ${aside}`, { bold: false, color: INK.muted, size: 20 })]),
    ],
  });
}

/** A name as Word allows it for a bookmark: letters, digits and `_`, 40 at most. */
function anchor(id: string): string {
  const plain = id.replace(/[^A-Za-z0-9]/g, "_");
  let hash = 5381;
  for (const character of id) hash = ((hash * 33) ^ (character.codePointAt(0) ?? 0)) >>> 0;
  return `b_${plain.slice(0, 26)}_${hash.toString(36)}`;
}

const EDGE = { style: BorderStyle.SINGLE, size: 4, color: INK.grid };

function grid(widths: readonly number[], rows: readonly TableRow[]): Table {
  return new Table({
    columnWidths: [...widths],
    width: { size: widths.reduce((sum, w) => sum + w, 0), type: WidthType.DXA },
    layout: TableLayoutType.FIXED,
    borders: {
      top: EDGE,
      bottom: EDGE,
      left: EDGE,
      right: EDGE,
      insideHorizontal: EDGE,
      insideVertical: EDGE,
    },
    rows: [...rows],
  });
}

function cell(
  width: number,
  children: ParagraphChild[],
  { numeric, shade }: { numeric: boolean; shade?: string },
): TableCell {
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    margins: { top: 50, bottom: 50, left: 90, right: 90 },
    ...(shade === undefined
      ? {}
      : { shading: { type: ShadingType.CLEAR, fill: shade, color: "auto" } }),
    children: [
      new Paragraph({
        style: "TableText",
        alignment: numeric ? AlignmentType.END : AlignmentType.START,
        children,
      }),
    ],
  });
}

/** Widths by what a column asks for, else by its words; none too narrow to read. */
function columnWidths(columns: TableBlock["columns"], rows: TableBlock["rows"]): number[] {
  const asked = columns.map((column, i) => {
    if (column.width !== undefined) return column.width;
    if (columns.some((other) => other.width !== undefined)) return 1;
    const lengths = rows.map((row) => textLength(row[i] ?? []));
    const words = column.title.split(" ").map((word) => word.length + 3);
    return Math.min(48, Math.max(7, ...words, ...lengths));
  });
  const total = asked.reduce((sum, w) => sum + w, 0);
  return asked.map((w) => Math.floor((w / total) * TEXT_WIDTH));
}

function textLength(inlines: readonly Inline[]): number {
  return inlines.reduce((sum, i) => sum + (i.kind === "break" ? 0 : i.text.length), 0);
}

/** One paragraph a line keeps long queries editable, on one ground. */
function codeLines(text: string): Paragraph[] {
  const lines = text.split("\n");
  return lines.map(
    (text, i) =>
      new Paragraph({
        style: "Code",
        shading: { type: ShadingType.CLEAR, fill: INK.band, color: "auto" },
        ...(i === lines.length - 1 ? { spacing: { after: 160 } } : {}),
        children: [new TextRun({ text: clean(text), font: MONO })],
      }),
  );
}
