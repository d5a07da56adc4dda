// A question of the kernel process → the language service's answer. Inside the thread; never throws: what cannot be answered is
// a refusal with a sentence, and the thread lives.

import { atCodePoint, completeReply, inspectReply } from "../console/console-replies.ts";
import type { Language } from "../language.ts";
import type { ThreadMethod, ThreadMethods, ThreadNotice, ThreadQuestion } from "./thread-messages.ts";

type Answers = {
  readonly [M in ThreadMethod]: (params: ThreadMethods[M]["params"]) => ThreadMethods[M]["result"] | null;
};

export function answerQuestion(language: Language, { id, method, params }: ThreadQuestion): ThreadNotice {
  try {
    const answer = answersOf(language)[method] as (params: unknown) => unknown;
    return { type: "answer", id, result: answer(params) };
  } catch (error) {
    return { type: "refusal", id, sentence: error instanceof Error ? error.message : String(error) };
  }
}

const answersOf = (language: Language): Answers => ({
  ...language.answers,
  complete: ({ code, cursor }) => completeReply(language.console(code, atCodePoint(code, cursor)), cursor),
  inspect: ({ code, cursor, detailLevel }) =>
    inspectReply(language.console(code, atCodePoint(code, cursor)), detailLevel),
  check: ({ text }) => language.check(text),
  execute: (execution) => language.execute(execution),
  ended(end) {
    language.ended(end);
    return true;
  },
  restart() {
    language.restart();
    return true;
  },
});
