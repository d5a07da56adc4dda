import { expect, it } from "vitest";
import { choiceOf } from "./choice-of.ts";
import { SettingError } from "./setting-error.ts";

it("is one of the words, nothing where nothing is set, or an error that lists the words", () => {
  const words = ["red", "green", "blue"] as const;
  expect(choiceOf("COLOR", words, "green")).toBe("green");
  expect([choiceOf("COLOR", words, undefined), choiceOf("COLOR", words, "")]).toEqual([undefined, undefined]);
  const wrong = () => choiceOf("COLOR", words, "Green");
  expect(wrong).toThrow(SettingError);
  expect(wrong).toThrow('COLOR: expected red, green or blue, got "Green"');
});
