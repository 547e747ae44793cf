/** A cell as a value for JSON: a number or a boolean where it is written as one would be, else the text. */
export function plainValue(cell: string): string | number | boolean {
  if (cell === "true" || cell === "false") return cell === "true";
  const number = Number(cell);
  return cell !== "" && String(number) === cell && Number.isFinite(number) ? number : cell;
}
