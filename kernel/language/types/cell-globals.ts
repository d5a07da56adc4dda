// What every cell has beside the globals of JavaScript and Node, as declarations.

export const CELL_GLOBALS = `/** The result of the last cell that had one. */
declare var _: any;
`;
