/** A plain text table, columns padded, numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? shortNumber(cell) : cell)));
  const widths = cells[0].map((_, c) => Math.max(...cells.map((row) => row[c].length)));
  const line = (row: string[], r: number): string =>
    row.map((cell, c) => (typeof rows[r][c] === 'number' || c > 0 ? cell.padStart(widths[c]) : cell.padEnd(widths[c]))).join('  ');
  const [head, ...body] = cells.map(line);
  return [head, '-'.repeat(head.length), ...body].join('\n');
}

const shortNumber = (x: number): string =>
  Number.isFinite(x) ? (Math.abs(x) >= 100 ? x.toFixed(0) : Math.abs(x) >= 10 ? x.toFixed(1) : x.toFixed(2)) : '–';
