import { describe, expect, it } from "vitest";
import { toRule } from "./breakpoint-rule.ts";

const due = (hitCondition: string): number[] => {
  const { isDue } = toRule({ line: 1, hitCondition });
  return [1, 2, 3, 4, 5, 6].filter(isDue);
};

describe("a breakpoint stops", () => {
  it("as often as its count says", () => {
    expect(due("")).toEqual([1, 2, 3, 4, 5, 6]);
    expect(due("3")).toEqual([3, 4, 5, 6]);
    expect(due(">= 3")).toEqual([3, 4, 5, 6]);
    expect(due("> 3")).toEqual([4, 5, 6]);
    expect(due("== 3")).toEqual([3]);
    expect(due("= 3")).toEqual([3]);
    expect(due("< 3")).toEqual([1, 2]);
    expect(due("<= 3")).toEqual([1, 2, 3]);
    expect(due("%2")).toEqual([2, 4, 6]);
  });

  it("where its condition holds, without its types", () => {
    expect(toRule({ line: 1, condition: "(n as number) > 3" }).condition).toBe("((n          ) > 3)");
  });

  it("never for a message, which is printed where the condition holds", () => {
    const { condition } = toRule({ line: 1, condition: "n > 3", logMessage: "n: {n}" });
    expect(condition).toBe('(n > 3)&&(console.log("%s%s%s","n: ",(n),""),false)');
  });

  it("for nothing that it does not understand, and says so", () => {
    expect(toRule({ line: 1, condition: "n >" }).problem).toContain('"n >"');
    expect(toRule({ line: 1, hitCondition: "often" }).problem).toContain('got "often"');
    expect(toRule({ line: 1, hitCondition: "2", logMessage: "x" }).problem).toContain("not both");
  });
});
