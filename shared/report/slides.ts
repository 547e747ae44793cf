import { plainText, type Block, type BlockDocument } from "./blocks.ts";

/** A slide of the presentation: one thing at a time. */
export interface Slide {
  readonly title: string;
  readonly blocks: readonly Block[];
  readonly notes: string;
}

/** Rows of a table that a room can read; the rest is counted. */
const MOST_ROWS = 10;
const MOST_ITEMS = 8;

/** Slides of a report: each part, or each of its cards, with long tables cut and told so. */
export function slidesOf(document: BlockDocument): Slide[] {
  return document.sections
    .filter((s) => s.slide)
    .flatMap((section): Slide[] => {
      const starts = section.blocks.flatMap((b, i) =>
        b.kind === "heading" && b.level === 3 ? [i] : [],
      );
      const first = section.blocks.slice(0, starts[0] ?? section.blocks.length);
      const cards = starts.map((from, k) => section.blocks.slice(from, starts[k + 1]));
      return together([...(first.length === 0 ? [] : [first]), ...cards]).map((blocks, k) => ({
        title: section.title,
        blocks: blocks.flatMap(shortened),
        notes: k === 0 ? section.speakerNotes : "",
      }));
    })
    .filter((slide) => slide.blocks.length > 0);
}

/** Letters that a room reads on one slide. */
const MOST_LETTERS = 900;

/** Cards of a few words share a slide; one with a picture or a table has its own. */
function together(cards: readonly (readonly Block[])[]): (readonly Block[])[] {
  const slides: Block[][] = [];
  let room = 0;
  for (const card of cards) {
    const letters = lettersOf(card);
    const last = slides.at(-1);
    if (last === undefined || letters > room) {
      slides.push([...card]);
      room = MOST_LETTERS - letters;
    } else {
      last.push(...card);
      room -= letters;
    }
  }
  return slides;
}

/** Infinite where a card fills its slide. */
function lettersOf(card: readonly Block[]): number {
  return card.reduce((sum, block) => {
    switch (block.kind) {
      case "heading":
        return sum + block.text.length + 40;
      case "paragraph":
      case "callout":
        return sum + plainText(block.inlines).length + 40;
      case "list":
        return sum + block.items.reduce((all, item) => all + plainText(item).length + 30, 0);
      case "table":
      case "picture":
      case "code":
      case "figures":
      case "pageBreak":
        return Infinity;
    }
  }, 0);
}

function shortened(block: Block): Block[] {
  if (block.kind === "table" && block.rows.length > MOST_ROWS) {
    return [
      { ...block, rows: block.rows.slice(0, MOST_ROWS) },
      more(block.rows.length - MOST_ROWS),
    ];
  }
  if (block.kind === "list" && block.items.length > MOST_ITEMS) {
    return [
      { ...block, items: block.items.slice(0, MOST_ITEMS) },
      more(block.items.length - MOST_ITEMS),
    ];
  }
  return [block];
}

function more(count: number): Block {
  return {
    kind: "paragraph",
    style: "muted",
    inlines: [{ kind: "text", text: `${count} more in the report.` }],
  };
}
