// Entry point of the kernel process's language thread: TypeScript's language service, which answers what the kernel process asks.
// Runs no user code.

import { parentPort, workerData } from "node:worker_threads";
import { Language } from "../language/language.ts";
import { answerQuestion } from "../language/thread/answer-question.ts";
import { ownHeap, QuietCollection } from "../language/thread/quiet-collection.ts";
import type { ThreadData, ThreadNotice, ThreadQuestion } from "../language/thread/thread-messages.ts";
import { typeFilesIn } from "../language/types/type-files.ts";

if (!parentPort) throw new Error("language: runs as a worker of the kernel process");
const main = parentPort;
const tell = (notice: ThreadNotice) => main.postMessage(notice);
const { folder, types } = workerData as ThreadData;
const language = new Language({
  folder,
  files: typeFilesIn(types),
  onNotice: (sentence) => tell({ type: "notice", sentence }),
});
const collection = new QuietCollection(ownHeap);
language.warmUp();
tell({ type: "ready" });
collection.restart();
main.on("message", (question: ThreadQuestion) => {
  tell(answerQuestion(language, question));
  collection.restart();
});
