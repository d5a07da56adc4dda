// Characters as numbers and back, for language models.

import { ArgumentError } from "../../core/errors.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * The different characters (code points) of a text, numbered in their order in Unicode.
 *
 * @example
 * const vocabulary = new data.CharVocabulary("hello");
 * vocabulary.characters; // [e, h, l, o]
 * vocabulary.encode("hole"); // tensor([1, 3, 2, 0])
 * vocabulary.decode([1, 0, 2, 2, 3]); // hello
 */
export class CharVocabulary {
  readonly characters: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  /** Of a text, or of many. Throws ArgumentError for a text without characters. */
  constructor(text: string | readonly string[]) {
    const different = new Set<string>();
    for (const one of typeof text === "string" ? [text] : text) for (const character of one) different.add(character);
    if (different.size === 0) throw new ArgumentError("CharVocabulary", "the text is empty");
    this.characters = [...different].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    this.#numbers = new Map(this.characters.map((character, number) => [character, number]));
  }

  get size(): number {
    return this.characters.length;
  }

  /** The numbers of the characters, [n], int32. Throws ArgumentError for a character that was not in the text. */
  encode(text: string): Tensor {
    const numbers = Array.from(text, (character) => {
      const number = this.#numbers.get(character);
      if (number !== undefined) return number;
      throw new ArgumentError("CharVocabulary", `${JSON.stringify(character)} is none of the ${this.size} characters`);
    });
    return tensor(Int32Array.from(numbers));
  }

  /** The text of numbers, for example of `await tokens.data()`. Throws ArgumentError for a number without a character. */
  decode(numbers: ArrayLike<number>): string {
    const characters = Array.from(numbers, (number) => {
      const character = this.characters[number];
      if (character !== undefined) return character;
      throw new ArgumentError("CharVocabulary", `there is no character ${number} of ${this.size}`);
    });
    return characters.join("");
  }
}
