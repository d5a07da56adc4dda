// An array of plain objects → an HTML table, as `console.table` does it in text: records of a data set, rows of results. Only where every
// value is a number, a text or the like; everything else is shown as text alone.

const MAX_ROWS = 60;
const MAX_COLUMNS = 20;

type Cell = string | number | bigint | boolean | null | undefined | Date;
type Row = Readonly<Record<string, Cell>>;

/** undefined if the value is no such array. */
export function recordTable(value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const shown: unknown[] = value.slice(0, MAX_ROWS);
  if (!shown.every(isRow)) return undefined;
  const columns = [...new Set(shown.flatMap(Object.keys))];
  if (columns.length === 0 || columns.length > MAX_COLUMNS) return undefined;
  const head = columns.map((column) => `<th>${escapeHtml(column)}</th>`).join("");
  const rows = shown.map(
    (row, index) => `<tr><th>${index}</th>${columns.map((column) => `<td>${toHtml(row[column])}</td>`).join("")}</tr>`,
  );
  const rest = value.length - shown.length;
  const caption = rest > 0 ? `<caption style="caption-side: bottom">… ${rest} more rows</caption>` : "";
  return `<table>${caption}<thead><tr><th></th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function isRow(value: unknown): value is Row {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  // A getter is not called: looking at a result changes nothing.
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => "value" in property && isCell(property.value),
  );
}

const isCell = (value: unknown): value is Cell =>
  value === null || value instanceof Date || !["object", "function", "symbol"].includes(typeof value);

function toHtml(value: Cell): string {
  if (value === undefined) return "";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  return escapeHtml(String(value));
}

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
