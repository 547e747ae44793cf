/**
 * What the exported HTML does where scripts may run: a click on a column's head
 * sorts the table, and a third click gives its own order back. Without it the
 * report reads the same. Plain ECMAScript, since nothing compiles it.
 */
export const SCRIPT = `
for (const table of document.querySelectorAll("table")) {
  const body = table.tBodies[0];
  if (!body || body.rows.length < 3) continue;
  const own = Array.from(body.rows);
  const heads = Array.from(table.querySelectorAll("thead th"));
  const value = (row, column) => {
    const text = (row.cells[column] ? row.cells[column].textContent : "").trim();
    const number = Number(text.replace(/[,%]/g, "").replace("\\u2212", "-").replace(/^< /, ""));
    return text !== "" && Number.isFinite(number) ? number : text.toLowerCase();
  };
  heads.forEach((head, column) => {
    head.tabIndex = 0;
    head.setAttribute("role", "columnheader");
    head.classList.add("sortable");
    const sort = () => {
      const before = head.getAttribute("aria-sort");
      const next = before === "ascending" ? "descending" : before === "descending" ? null : "ascending";
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      if (next !== null) head.setAttribute("aria-sort", next);
      const sign = next === "descending" ? -1 : 1;
      const rows = next === null ? own : own.slice().sort((a, b) => {
        const x = value(a, column), y = value(b, column);
        if (typeof x === typeof y) return (x < y ? -1 : x > y ? 1 : 0) * sign;
        return (typeof x === "number" ? -1 : 1) * sign;
      });
      body.append(...rows);
    };
    head.addEventListener("click", sort);
    head.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      sort();
    });
  });
}
`;
