// A cell of a column. The compiler of this package asks at every index whether something is there: right for lists of
// things, and no question in a loop over a column, whose bounds are the column's own.

/** Returns the value of a bar, with 0 <= bar < column.length; nothing is checked. */
export function at(column: Float64Array, bar: number): number {
  return column[bar] as number;
}
