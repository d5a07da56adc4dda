// The behaviour of tslab that a notebook can rely on: cells in order, and what both kernels answer. After tslab's own documentation and
// tests (https://github.com/yunabe/tslab), in our words.

export interface Expected {
  readonly code: string;
  /** All that is printed on stdout, the result last. */
  readonly prints?: string;
  /** Displays in order: MIME type and data; `update` replaces the one before. */
  readonly shows?: readonly (readonly [mimeType: string, data: string, kind?: "update"])[];
  /** The cell fails and says this, in its error or on stderr. */
  readonly fails?: string;
  /** On stderr, without failing. */
  readonly complains?: string;
}

const png = "iVBORw0KGgo=";
const bytes = `Uint8Array.from(Buffer.from("${png}", "base64"))`;

export const CASES: Readonly<Record<string, readonly Expected[]>> = {
  "results are the last expression": [
    { code: "1 + 2", prints: "3\n" },
    { code: "'text'", prints: "text\n" },
    { code: "[1, 'a']", prints: "[ 1, 'a' ]\n" },
    { code: "({ a: { b: [1] } })", prints: "{ a: { b: [ 1 ] } }\n" },
    { code: "5;", prints: "5\n" },
    { code: "undefined" },
    { code: "let quiet = 3" },
    { code: "console.log('first'); 2", prints: "first\n2\n" },
    { code: "(function named() {})", prints: "[Function: named]\n" },
    { code: "new Map([[1, 2]])", prints: "Map(1) { 1 => 2 }\n" },
  ],
  "names flow between cells and are declared again": [
    { code: "const a = 1; let b = 'b'; var c = [3];" },
    { code: "[a, b, c]", prints: "[ 1, 'b', [ 3 ] ]\n" },
    { code: "const a = 'again'; let b = 2;" },
    { code: "[a, b]", prints: "[ 'again', 2 ]\n" },
    { code: "b = 3; b++; b", prints: "4\n" },
    { code: "function a(x: number) { return x * 2 }" },
    { code: "a(21)", prints: "42\n" },
    { code: "class a { static who = 'class' }" },
    { code: "a.who", prints: "class\n" },
    { code: "enum a { One = 1, Two }" },
    { code: "a.Two", prints: "2\n" },
    { code: "const { x, y: [z, ...rest] } = { x: 1, y: [2, 3, 4] }; [x, z, rest]", prints: "[ 1, 2, [ 3, 4 ] ]\n" },
  ],
  "functions are hoisted": [
    { code: "const four = square(2);\nfunction square(x: number): number { return x * x }\nfour", prints: "4\n" },
    {
      code: "isEven(4)\nfunction isOdd(n: number): boolean { return n !== 0 && isEven(n - 1) }\nfunction isEven(n: number): boolean { return n === 0 || isOdd(n - 1) }",
    },
  ],
  "types flow between cells": [
    { code: "interface Point { x: number; y: number }\ntype Pair<T> = [T, T];" },
    {
      code: "const origin: Point = { x: 0, y: 0 }; const pair: Pair<Point> = [origin, origin]; pair.length",
      prints: "2\n",
    },
    { code: "namespace Geo { export const unit: Point = { x: 1, y: 1 } }\nGeo.unit.x", prints: "1\n" },
    { code: "class Animal { constructor(protected name: string) {} }" },
    { code: "class Dog extends Animal { bark() { return this.name + '!' } }\nnew Dog('Rex').bark()", prints: "Rex!\n" },
    { code: "function identity<T>(x: T): T { return x }\nidentity<string>('generic')", prints: "generic\n" },
    {
      code: "abstract class Shape { abstract area(): number }\nclass Unit extends Shape { area() { return 1 } }\nnew Unit().area()",
      prints: "1\n",
    },
  ],
  "await works at the top level": [
    {
      code: "const later = await new Promise<number>((resolve) => setTimeout(() => resolve(5), 10)); later",
      prints: "5\n",
    },
    { code: "later + 1", prints: "6\n" },
    { code: "async function work() { return 'done' }\nawait work()", prints: "done\n" },
    { code: "for (const p of [Promise.resolve(1), Promise.resolve(2)]) console.log(await p);", prints: "1\n2\n" },
  ],
  "imports find node's modules": [
    { code: 'import * as path from "path"; path.basename("a/b")', prints: "b\n" },
    { code: 'import { join } from "path"; join("a", "b")', prints: "a/b\n" },
    { code: 'import fs from "fs"; typeof fs.readFileSync', prints: "function\n" },
    { code: 'const os = require("os"); typeof os.cpus', prints: "function\n" },
    { code: 'const { readFile } = await import("fs"); typeof readFile', prints: "function\n" },
    { code: "path.dirname('a/b')", prints: "a\n" },
  ],
  "imports find files beside the notebook, and read them again": [
    {
      code: 'import { mkdirSync, writeFileSync } from "fs"; writeFileSync("local.ts", "export const v: number = 1; export enum E { A = 7 }"); mkdirSync("lib", { recursive: true }); writeFileSync("lib/deep.ts", "export const deep = \'deep\';");',
    },
    { code: 'import { E, v } from "./local"; [v, E.A]', prints: "[ 1, 7 ]\n" },
    { code: 'import { deep } from "./lib/deep"; deep', prints: "deep\n" },
  ],
  "cells can be modules": [
    {
      code: "/** @module counting */\nimport { sep } from 'path';\nexport function count(): number { return sep.length }\nexport enum Kind { A = 4 }",
    },
    { code: "import { count, Kind } from './counting'; [count(), Kind.A]", prints: "[ 1, 4 ]\n" },
    { code: "/** @module doubling */\nimport { count } from './counting';\nexport const twice = () => count() * 2;" },
    { code: "import { twice } from './doubling'; twice()", prints: "2\n" },
    { code: "/** @module counting */\nexport function count(): number { return 21 }" },
    { code: "import { count } from './counting'; count()", prints: "21\n" },
  ],
  "output goes where it is written": [
    { code: "console.log('a %d', 1); console.log({ b: [2] })", prints: "a 1\n{ b: [ 2 ] }\n" },
    { code: "console.error('to stderr')", complains: "to stderr" },
    { code: "process.stdout.write('no line break')", prints: "no line breaktrue\n" },
    { code: "for (let i = 0; i < 3; i++) console.log(i);", prints: "0\n1\n2\n" },
    {
      code: "setTimeout(() => console.log('late'), 5); await new Promise((r) => setTimeout(r, 50)); undefined",
      prints: "late\n",
    },
  ],
  "failures end the cell, and the next one runs": [
    { code: "let before = 1" },
    { code: "before = 2; throw new TypeError('thrown')", fails: "TypeError: thrown" },
    { code: "before", prints: "2\n" },
    { code: "await Promise.reject(new RangeError('rejected'))", fails: "RangeError: rejected" },
    { code: "const syntax = ;", fails: "Expression expected" },
    { code: "null.x", fails: "null" },
    { code: "'alive'", prints: "alive\n" },
    {
      code: "setTimeout(() => { throw new Error('in a timer') }, 1); await new Promise((r) => setTimeout(r, 50)); undefined",
      complains: "Error: in a timer",
    },
    {
      code: "Promise.reject(new Error('unhandled')); await new Promise((r) => setTimeout(r, 50)); undefined",
      complains: "Error: unhandled",
    },
  ],
  "display shows data of every kind": [
    { code: 'import { display } from "tslab"' },
    { code: "display.html('<b>bold</b>')", shows: [["text/html", "<b>bold</b>"]] },
    { code: "display.markdown('# Title')", shows: [["text/markdown", "# Title"]] },
    { code: "display.latex('$x^2$')", shows: [["text/latex", "$x^2$"]] },
    { code: "display.svg('<svg/>')", shows: [["image/svg+xml", "<svg/>"]] },
    { code: "display.text('plain')", shows: [["text/plain", "plain"]] },
    { code: "display.javascript('alert(1)')", shows: [["text/javascript", "alert(1)"]] },
    { code: `display.png(${bytes})`, shows: [["image/png", png]] },
    { code: `display.jpeg(${bytes})`, shows: [["image/jpeg", png]] },
    { code: `display.gif(${bytes})`, shows: [["image/gif", png]] },
    { code: `display.pdf(${bytes})`, shows: [["application/pdf", png]] },
    { code: "display.raw('text/csv', 'a,b')", shows: [["text/csv", "a,b"]] },
    { code: `display.raw('image/webp', ${bytes})`, shows: [["image/webp", png]] },
    {
      code: "display.html('1'); display.html('2')",
      shows: [
        ["text/html", "1"],
        ["text/html", "2"],
      ],
    },
  ],
  "newDisplay replaces in place": [
    {
      code: 'import { newDisplay } from "tslab"; const place = newDisplay(); place.html("1"); place.html("2");',
      shows: [
        ["text/html", "1"],
        ["text/html", "2", "update"],
      ],
    },
    { code: "place.text('3')", shows: [["text/plain", "3", "update"]] },
  ],
  "the module is found in every way": [
    { code: 'import * as tslab from "tslab"; tslab.display.text("star")', shows: [["text/plain", "star"]] },
    {
      code: 'const { display: shown } = require("tslab"); shown.text("required")',
      shows: [["text/plain", "required"]],
    },
    {
      code: "[tslab.versions.tslab, typeof tslab.versions.node, typeof tslab.versions.typescript]",
      prints: "[ '1.0.22', 'string', 'string' ]\n",
    },
  ],
};
