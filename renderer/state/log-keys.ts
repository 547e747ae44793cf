/** Keys of the log view, after those of lnav: one list for the keyboard, the view's own list and the help. */
export const LOG_KEYS = [
  { id: "down", keys: ["j", "ArrowDown"], title: "Next line" },
  { id: "up", keys: ["k", "ArrowUp"], title: "Previous line" },
  { id: "page-down", keys: [" ", "PageDown"], title: "Next page" },
  { id: "page-up", keys: ["b", "PageUp"], title: "Previous page" },
  { id: "first", keys: ["g", "Home"], title: "First line" },
  { id: "last", keys: ["G", "End"], title: "Last line" },
  { id: "search", keys: ["/"], title: "Search" },
  { id: "next-hit", keys: ["n"], title: "Next hit" },
  { id: "previous-hit", keys: ["N"], title: "Previous hit" },
  { id: "only-hits", keys: ["f"], title: "Only lines with a hit, or all" },
  { id: "next-error", keys: ["e"], title: "Next error" },
  { id: "previous-error", keys: ["E"], title: "Previous error" },
  { id: "next-warning", keys: ["w"], title: "Next warning" },
  { id: "previous-warning", keys: ["W"], title: "Previous warning" },
  { id: "mark", keys: ["m"], title: "Mark the line as evidence, or take the mark off" },
  { id: "next-mark", keys: ["u"], title: "Next marked line" },
  { id: "previous-mark", keys: ["U"], title: "Previous marked line" },
  { id: "context", keys: ["c"], title: "What stood around the line, filters off; again: back" },
  { id: "from-here", keys: ["["], title: "Only lines from this time on" },
  { id: "until-here", keys: ["]"], title: "Only lines until this time" },
  { id: "histogram", keys: ["i"], title: "Lines over time: show or hide" },
  { id: "wrap", keys: ["z"], title: "Long lines: wrap or cut" },
  { id: "detail", keys: ["Enter"], title: "All of the line: show or hide" },
  { id: "keys", keys: ["?"], title: "These keys" },
  { id: "leave", keys: ["Escape"], title: "Leave the context, then the details" },
] as const satisfies readonly {
  readonly id: string;
  readonly keys: readonly string[];
  readonly title: string;
}[];

export type LogKey = (typeof LOG_KEYS)[number]["id"];

const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowDown: "↓",
  ArrowUp: "↑",
  PageDown: "Page down",
  PageUp: "Page up",
  Escape: "Esc",
};

/** `G` is typed with Shift; signs are what the keyboard gives. */
export function keyName(key: string): string {
  return NAMES[key] ?? key;
}
