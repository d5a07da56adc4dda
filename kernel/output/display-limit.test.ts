import { expect, it } from "vitest";
import type { CellOutput } from "#protocol";
import { OutputLimit } from "./output-limit.ts";

const content = (text: string, display_id?: string) => ({
  data: { "text/plain": text },
  metadata: {},
  transient: display_id === undefined ? {} : { display_id },
});
const display = (text: string, id?: string): CellOutput => ({ type: "display_data", content: content(text, id) });
const update = (text: string, id: string): CellOutput => ({ type: "update_display_data", content: content(text, id) });
const clear = (wait: boolean): CellOutput => ({ type: "clear_output", content: { wait } });
const large = (name: string) => name.padEnd(20_000);

function shown(limitMb = 0.1) {
  const sent: CellOutput[] = [];
  const limit = new OutputLimit((output) => sent.push(output), limitMb);
  const names = (type: CellOutput["type"]) =>
    sent
      .filter((output) => output.type === type)
      .map(({ content }) =>
        String((content as { data: object & { "text/plain"?: string } }).data["text/plain"]).trim(),
      );
  const said = () => sent.map(({ type, content }) => (type === "stream" ? content.text : "")).join("");
  return { sent, limit, names, said };
}

it("shows displays until they are as much as the limit, and at the end of the cell the last ones", () => {
  const { limit, names, said } = shown();
  for (let i = 0; i < 1000; i++) limit.push(display(large(`${i}`)));
  expect(names("display_data")).toEqual(["0", "1", "2", "3", "4"]);
  expect(said().match(/kept back/g)).toHaveLength(1);
  expect(said()).toContain("5 displays make 0.1 MB, of 5 KB at least each (the variable LECTERN_OUTPUT_LIMIT_MB sets");
  limit.end();
  expect(names("display_data").slice(5)).toEqual(["999"]);
  expect(said()).toContain("[Displays left out here: 994. The last ones:]");
  limit.push(display("late"));
  expect(names("display_data")).toHaveLength(6);
});

it("counts small displays, too: each is an output of its own", () => {
  const { limit, names } = shown(1);
  for (let i = 0; i < 100_000; i++) limit.push(display(`${i}`));
  limit.end();
  expect(names("display_data")).toHaveLength(200 + 10);
  expect(names("display_data").at(-1)).toBe("99999");
});

it("shows a single display as a whole, however large it is", () => {
  const { limit, sent } = shown(0.01);
  const figure = display("x".repeat(1e6));
  limit.push(figure);
  limit.end();
  expect(sent).toEqual([figure]);
});

it("passes every update of what is shown, however many come, and those of other cells' displays", () => {
  const { limit, names, said } = shown();
  limit.push(display("begun", "training"));
  for (let i = 0; i < 100; i++) limit.push(update(large(`${i}`), "training"));
  limit.push(display("after it"));
  limit.push(update("new", "of an earlier cell"));
  expect(names("update_display_data")).toHaveLength(101);
  expect(names("display_data")).toEqual(["begun", "after it"]);
  expect(said()).toBe("");
});

it("counts the picture by which an update replaces what was shown", () => {
  const { limit, names } = shown();
  for (let i = 0; i < 20; i++) {
    limit.push(display("drawing …", `${i}`));
    limit.push(update(large(`${i}`), `${i}`));
  }
  expect(names("update_display_data")).toEqual(["0", "1", "2", "3", "4"]);
});

it("keeps the latest state of what was kept back, and sends no updates of what nobody sees", () => {
  const { limit, names } = shown();
  for (let i = 0; i < 10; i++) limit.push(display(large(`${i}`), `${i}`));
  limit.push(display("begun", "training"));
  for (let i = 0; i < 100; i++) limit.push(update(`step ${i}`, "training"));
  limit.push(update("of one that was left out", "7"));
  expect(names("update_display_data")).toEqual([]);
  limit.end();
  expect(names("display_data").at(-1)).toBe("step 99");
  limit.push(update("late", "training"));
  expect(names("update_display_data")).toEqual(["late"]);
});

it("does not count what the cell has cleared: an animation goes on", () => {
  for (const wait of [true, false]) {
    const { limit, names, said } = shown();
    for (let i = 0; i < 1000; i++) {
      limit.push(clear(wait));
      limit.push({ type: "stream", content: { name: "stdout", text: large(`${i}`) } });
      limit.push(display(large(`${i}`)));
    }
    expect(names("display_data")).toHaveLength(1000);
    expect(said()).not.toContain("kept back");
  }
});

it("counts what is only to be cleared until something else comes", () => {
  const { limit, names, said } = shown();
  for (let i = 0; i < 10; i++) limit.push(display(large(`${i}`)));
  limit.push(clear(true));
  limit.end();
  expect(names("display_data").at(-1)).toBe("9");
  expect(said()).toContain("Displays left out here: 4");
});
