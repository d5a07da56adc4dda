import { expect, it } from "vitest";
import { importEdit } from "./import-edit.ts";

it.each([
  ["const a = 1", 'import { t } from "lectern";\nconst a = 1'],
  ['import { a, b } from "lectern";', 'import { a, b, t } from "lectern";'],
  ['import {\n  a,\n} from "lectern";', 'import {\n  a, t,\n} from "lectern";'],
  ['import {} from "lectern";', 'import { t } from "lectern";'],
  ['import { a } from "other";', 'import { t } from "lectern";\nimport { a } from "other";'],
  ['import * as lectern from "lectern";', 'import { t } from "lectern";\nimport * as lectern from "lectern";'],
  ['import type { A } from "lectern";', 'import { t } from "lectern";\nimport type { A } from "lectern";'],
])("%j becomes %j", (cell, expected) => {
  const { start, length, text } = importEdit(cell, "t", "lectern");
  expect(cell.slice(0, start) + text + cell.slice(start + length)).toBe(expected);
});
