/** Text that Markdown and HTML inside it leave alone; `names` between backticks become code. */
export function md(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 1 ? codeText(part).replaceAll("|", "\\|") : plainMd(part)))
    .join("");
}

/** The same for a text in which backticks mean nothing. */
export function plainMd(text: string): string {
  return visible(text).replace(/[\\`*_[\]<>#|~&]/g, "\\$&");
}

/** Code in as many backticks as it needs. */
export function codeText(text: string): string {
  const line = visible(text).replaceAll("\n", " ");
  if (line.trim() === "") return "(empty)";
  const fence = "`".repeat(longestRun(line) + 1);
  const space = /^`|`$/.test(line) ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}

/** A block of code whose fence is longer than any in it. */
export function fenced(text: string, language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
}

/** Controls that turn the direction of what follows would reverse numbers: shown by their code. */
function visible(text: string): string {
  return text.replace(
    /[\u202a-\u202e\u2066-\u2069]/g,
    (c) => `(U+${c.charCodeAt(0).toString(16).toUpperCase()})`,
  );
}

/** A table of plain texts. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return rawTable(
    header.map(md),
    rows.map((row) => row.map(md)),
  );
}

/** A table of cells that are Markdown already. */
export function rawTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("\n", " ")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
