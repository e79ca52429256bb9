// Sorting in the browser, for tables that are whole on the page; the links in the headings do the same
// on the server.

const number = (cell: HTMLTableCellElement | undefined): number => {
  const text = cell?.dataset["value"] ?? cell?.textContent ?? "";
  const plain = text.replace(/[\s\u00a0\u202f%+]/g, "").replace("−", "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
};

function sort(table: HTMLTableElement, th: HTMLTableCellElement): void {
  const body = table.tBodies[0];
  if (!body) return;
  const down = th.getAttribute("aria-sort") === "ascending";
  const i = th.cellIndex;
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const rows = [...body.rows];
  const numeric = th.classList.contains("num");
  const compare = (a: HTMLTableRowElement, b: HTMLTableRowElement): number => {
    if (!numeric) return order(a.cells[i]?.dataset["value"] ?? a.cells[i]?.textContent ?? "", b.cells[i]?.dataset["value"] ?? b.cells[i]?.textContent ?? "");
    return number(a.cells[i]) - number(b.cells[i]);
  };
  // What is unknown or protected stays below, whichever the direction.
  const known = numeric ? rows.filter((r) => !Number.isNaN(number(r.cells[i]))) : rows;
  const unknown = rows.filter((r) => !known.includes(r));
  known.sort((a, b) => (down ? compare(b, a) : compare(a, b)));
  body.append(...known, ...unknown);
  for (const other of th.parentElement?.children ?? []) other.removeAttribute("aria-sort");
  th.setAttribute("aria-sort", down ? "descending" : "ascending");
}

export function enhanceTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sort]"))
    for (const th of table.tHead?.rows[0]?.cells ?? [])
      th.querySelector("a")?.addEventListener("click", (e) => {
        e.preventDefault();
        sort(table, th);
      });
}
