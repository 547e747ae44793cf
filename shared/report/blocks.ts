/**
 * The report as blocks: worked out once, rendered to HTML, PDF, DOCX, PPTX and
 * Markdown, so that all of them say the same.
 */

/** A picture as self-contained SVG; width and height in its own units. */
export interface ReportPicture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
  /** What a reader who does not see it is told. */
  readonly alt: string;
  readonly title: string;
}

export type Tone = "major" | "minor" | "good" | "muted";

/** A piece of running text. */
export type Inline =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly strong?: boolean;
      readonly code?: boolean;
      readonly tone?: Tone;
    }
  /** A number of a text that a person wrote. */
  | {
      readonly kind: "number";
      readonly text: string;
      /** Findings that it comes from; none: typed by hand. */
      readonly findingIds: readonly string[];
      /** Id of the footnote that tells its source. */
      readonly note: string;
    }
  /** To a heading of the document, by its id. */
  | { readonly kind: "ref"; readonly text: string; readonly target: string }
  | { readonly kind: "break" };

export interface TableBlock {
  readonly kind: "table";
  /** Empty: none is shown. */
  readonly caption: string;
  readonly columns: readonly {
    readonly title: string;
    readonly numeric?: boolean;
    /** Share of the width relative to the other columns; 1 where it is left out. */
    readonly width?: number;
  }[];
  readonly rows: readonly (readonly (readonly Inline[])[])[];
}

export type Block =
  | {
      readonly kind: "heading";
      readonly level: 1 | 2 | 3;
      readonly text: string;
      readonly id: string;
      /** After the text, quieter. */
      readonly aside?: string;
    }
  | {
      readonly kind: "paragraph";
      readonly inlines: readonly Inline[];
      readonly style?: "lead" | "muted" | "source";
    }
  | {
      readonly kind: "list";
      readonly ordered: boolean;
      readonly items: readonly (readonly Inline[])[];
      readonly style?: "muted";
    }
  | TableBlock
  /** Large numbers with their labels. */
  | {
      readonly kind: "figures";
      readonly figures: readonly { readonly label: string; readonly value: readonly Inline[] }[];
    }
  | {
      readonly kind: "picture";
      readonly picture: ReportPicture;
      readonly caption: string;
      /** The numbers of the picture, for formats without pictures. */
      readonly numbers?: TableBlock;
    }
  | {
      readonly kind: "callout";
      readonly tone: "caution" | "draft" | "good" | "key";
      readonly title: string;
      readonly inlines: readonly Inline[];
    }
  | { readonly kind: "code"; readonly text: string; readonly caption: string }
  | { readonly kind: "pageBreak" };

export interface ReportSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Each heading of level 3 begins a card of its own. */
  readonly cards?: boolean;
  /** What the speaker says. */
  readonly speakerNotes: string;
  /** False: not in the deck. */
  readonly slide: boolean;
}

export interface Footnote {
  readonly id: string;
  readonly inlines: readonly Inline[];
}

export interface BlockDocument {
  readonly title: string;
  readonly subtitle: string;
  readonly status: "draft" | "in review" | "final";
  readonly version: number;
  readonly language: "en";
  readonly generated: string;
  readonly footer: string;
  /** Both windows, in words. */
  readonly windows: readonly { readonly which: "baseline" | "incident"; readonly text: string }[];
  /** One sentence under the title: how much changed. */
  readonly verdict: string;
  readonly sections: readonly ReportSection[];
  readonly footnotes: readonly Footnote[];
}

/** Plain text of inlines, for places that take no markup. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines.map((i) => (i.kind === "break" ? "\n" : i.text)).join("");
}
