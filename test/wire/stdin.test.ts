// Cells that ask: prompt, confirm and alert wait for the client's answer, over ZeroMQ and over IPC, and an interrupt ends the wait.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JupyterClient } from "../jupyter-client.ts";
import { startTestKernel } from "./real-kernel.ts";

let client: JupyterClient;
beforeAll(async () => {
  client = await JupyterClient.start();
});
afterAll(() => client[Symbol.dispose]());

/** Runs a cell and answers its question; `how` changes the answer's message. */
async function asked(code: string, value: unknown, how: { readonly orphan?: boolean } = {}) {
  const before = client.questions.length;
  const id = await client.execute(code, { allow_stdin: true });
  await client.until(() => client.questions.length > before);
  const question = client.questions.at(-1)!;
  await client.send("stdin", "input_reply", { value }, how.orphan ? {} : { parent: question.message.header });
  const { reply } = await client.end(id);
  return { id, question, reply, result: client.result(id) };
}

describe("a cell that asks", () => {
  it("waits for the answer in the middle of a synchronous function", async () => {
    const { id, question, result } = await asked(
      'const greet = () => "Hello " + prompt("Name?"); console.log("before"); greet()',
      "Ada",
    );
    expect(question).toMatchObject({
      type: "input_request",
      parent: id,
      content: { prompt: "Name? ", password: false },
    });
    expect(result).toBe("'Hello Ada'");
    // What was said before the question is there before it.
    expect(client.printed(id)).toBe("before\n");
  });

  it("takes an answer without a parent, as jupyter_client sends it", async () => {
    expect((await asked('prompt("Name?")', "Grace", { orphan: true })).result).toBe("'Grace'");
  });

  it.each([
    ['prompt("Rate", "0.1")', "Rate [0.1] ", "", "'0.1'"],
    ['prompt("Rate", "0.1")', "Rate [0.1] ", "5", "'5'"],
    ['prompt("Rate")', "Rate ", null, "null"],
    ['confirm("Sure?")', "Sure? [y/N] ", "y", "true"],
    ['confirm("Sure?")', "Sure? [y/N] ", "", "false"],
    ['String(alert("Done"))', "Done [Enter] ", "", "'undefined'"],
  ])("%s asks %j and turns %j into %s", async (code, prompt, answer, expected) => {
    const { question, result } = await asked(code, answer);
    expect(question.content.prompt).toBe(prompt);
    expect(result).toBe(expected);
  });

  it("hides a password", async () => {
    const { question } = await asked('prompt("Token", "", { password: true }); undefined', "secret");
    expect(question.content.password).toBe(true);
  });

  it("fails with a sentence when the client answers with no text", async () => {
    const { reply } = await asked('prompt("Name?")', 5);
    expect(reply.content).toMatchObject({
      ename: "StdinNotImplementedError",
      evalue: expect.stringContaining("number"),
    });
  });

  it("fails with a sentence when the client does not allow it, and when the cell has ended", async () => {
    const { reply } = await client.run('prompt("Name?")', { allow_stdin: false });
    expect(reply.content).toMatchObject({
      ename: "StdinNotImplementedError",
      evalue: expect.stringContaining("VS Code"),
    });
    const { id } = await client.run('setTimeout(() => prompt("late"), 20); undefined', { allow_stdin: true });
    await client.until(() => client.printed(id, "stderr").includes("only a running cell can ask"));
  });

  it("is stopped by an interrupt, keeps its variables, and a late answer answers nothing", async () => {
    const before = client.questions.length;
    const id = await client.execute('let kept = 1; prompt("Name?")', { allow_stdin: true });
    await client.until(() => client.questions.length > before);
    const late = client.questions.at(-1)!;
    await client.send("control", "interrupt_request", {});
    expect((await client.end(id)).reply.content).toMatchObject({ ename: "KeyboardInterrupt" });
    await client.send("stdin", "input_reply", { value: "late" }, { parent: late.message.header });
    const { result } = await asked('prompt("Again?") + kept', "on time");
    expect(result).toBe("'on time1'");
  });
});

describe("over IPC", () => {
  it("the client's onInput answers, cancelled is null, and without it the cell says why it fails", async () => {
    await using kernel = await startTestKernel();
    const outputs: unknown[] = [];
    const onOutput = (output: unknown) => outputs.push(output);
    const answers = ["Ada", undefined];
    const prompts: string[] = [];
    await kernel.connection.execute({
      code: '[prompt("first"), prompt("second")]',
      onOutput,
      onInput: async ({ prompt }) => {
        prompts.push(prompt);
        return answers.shift();
      },
    });
    expect(prompts).toEqual(["first ", "second "]);
    expect(outputs).toMatchObject([{ content: { data: { "text/plain": "[ 'Ada', null ]" } } }]);
    const { reply } = await kernel.run('prompt("Name?")');
    expect(reply).toMatchObject({ status: "error", ename: "StdinNotImplementedError" });
  });
});
