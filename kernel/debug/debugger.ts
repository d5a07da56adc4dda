// The debugger of a kernel: takes DAP requests as Jupyter has them (`debug_request`), starts and ends a debug session, and answers what
// needs none: JupyterLab shows variables without one, too. One client debugs at a time. Off, it only takes note of the cells that run.

import { readFile } from "node:fs/promises";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CellObserver, ExecutedScripts } from "../session/cell-runner.ts";
import { CAPABILITIES } from "./capabilities.ts";
import { DebugRequestError, debugCommands, isName } from "./debug-commands.ts";
import { DebugSession, type SendEvent, THREAD_ID } from "./debug-session.ts";
import { type CellSources, HASH_SEED, PATH_SUFFIX } from "./places/cell-sources.ts";
import { Scripts } from "./places/scripts.ts";
import type { Inspector } from "./v8/inspector.ts";
import { evaluate } from "./values/evaluate.ts";
import { readNotebook, richBundle } from "./values/notebook-variables.ts";
import { Variables } from "./values/variables.ts";

export interface DebugRequest {
  readonly seq: number;
  readonly command: string;
  readonly arguments?: object | undefined;
}

export interface DebuggerParts {
  readonly cells: CellSources;
  /** URL of the folder with the kernel's and the engine's bundles. */
  readonly ownFolder: string;
  /** Of the engine process in use. */
  readonly inspector: () => Inspector;
  /** Stops the running cells. */
  readonly interrupt: () => void;
  readonly log: (line: string) => void;
}

/** Who asks: the `session` of the request's header; and the way to it. */
export interface DebugClient {
  readonly name: string;
  readonly publish: (event: DebugProtocol.Event) => void;
}

type Answers = Readonly<Record<string, (given: never) => object | undefined | Promise<object | undefined>>>;

interface Started {
  readonly client: DebugClient;
  readonly session: DebugSession;
  readonly commands: Answers;
  /** Resolves when V8 knows everything that was set: cells wait for it. */
  attached: Promise<void>;
}

export class Debugger implements CellObserver {
  readonly #parts: DebuggerParts;
  readonly #scripts: Scripts;
  #variables: Variables;
  #started: Started | undefined;
  #typeNames: Readonly<Record<string, string>> = {};
  #events = 0;

  constructor(parts: DebuggerParts) {
    this.#parts = parts;
    this.#scripts = new Scripts(parts.cells, parts.ownFolder);
    this.#variables = new Variables(parts.inspector());
  }

  get keepsLoops(): boolean {
    return this.#started !== undefined;
  }

  /** Always answers; what goes wrong is an answer that says so. */
  async handle(request: DebugRequest, client: DebugClient): Promise<DebugProtocol.Response> {
    const { command, seq } = request;
    const response = { type: "response", seq: ++this.#events, request_seq: seq, command } as const;
    try {
      return { ...response, success: true, body: (await this.#answer(request, client)) ?? {} };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ...response, success: false, message, body: { error: { id: 1, format: message, showUser: true } } };
    }
  }

  async beforeRun(scripts: ExecutedScripts): Promise<void> {
    const cell = this.#parts.cells.add(scripts);
    const started = this.#started;
    if (!started) return;
    try {
      await started.attached;
      await started.session.prepare(cell);
    } catch (error) {
      this.#parts.log(`debugger: the breakpoints of ${cell.name} could not be set: ${error}`);
    }
  }

  /** Another engine process is in use: what ran is gone, the breakpoints stay. */
  engineReplaced(): void {
    this.#parts.cells.forgetRuns();
    this.#variables = new Variables(this.#parts.inspector());
    this.#variables.typeNames = this.#typeNames;
    if (!this.#started) return;
    this.#started.attached = this.#started.session.moveTo(this.#parts.inspector(), this.#variables);
    this.#started.attached.catch((error) =>
      this.#parts.log(`debugger: could not follow to the fresh engine: ${error}`),
    );
  }

  async #answer({ command, arguments: given = {} }: DebugRequest, client: DebugClient): Promise<object | undefined> {
    const answer = pick(this.#always, command);
    if (answer) return answer(given as never);
    if (command === "initialize") return this.#start(client, given);
    // Whoever it is: a page that was loaded anew could otherwise not end what it had begun.
    if (command === "disconnect" || command === "terminate") return this.#end(command, given);
    const started = this.#started;
    if (!started) throw new DebugRequestError(`${command}: the debugger is not started; send initialize first`);
    if (started.client.name !== client.name) throw new DebugRequestError(`${command}: ${IN_USE}`);
    await started.attached;
    if (command === "attach" || command === "launch") {
      this.#sendTo(client)("initialized");
      return {};
    }
    const commanded = pick(started.commands, command);
    if (!commanded) throw new DebugRequestError(`this debugger does not answer ${command}`);
    return commanded(given as never);
  }

  async #start(client: DebugClient, { clientID }: Partial<DebugProtocol.InitializeRequestArguments>): Promise<object> {
    if (this.#started && this.#started.client.name !== client.name) throw new DebugRequestError(IN_USE);
    if (!this.#started) {
      const { cells, inspector } = this.#parts;
      this.#typeNames = clientID === "jupyterlab" ? JUPYTERLAB_TYPES : {};
      this.#variables.typeNames = this.#typeNames;
      const session = new DebugSession(cells, this.#scripts, inspector(), this.#variables, this.#sendTo(client));
      this.#started = { client, session, commands: debugCommands(session, cells), attached: session.attach() };
      this.#started.attached.catch((error) => this.#parts.log(`debugger: could not start: ${error}`));
    }
    await this.#started.attached;
    return CAPABILITIES;
  }

  async #end(command: string, { terminateDebuggee = command === "terminate" }: DebugProtocol.DisconnectArguments) {
    const started = this.#started;
    this.#started = undefined;
    if (terminateDebuggee) this.#parts.interrupt();
    await started?.session.detach();
    if (started && command === "terminate") this.#sendTo(started.client)("terminated");
    return {};
  }

  #sendTo({ publish }: DebugClient): SendEvent {
    return (event, body = {}) => publish({ type: "event", seq: ++this.#events, event, body });
  }

  /** Requests that need no started debugger. */
  readonly #always: Answers = {
    debugInfo: () => ({
      isStarted: this.#started !== undefined,
      hashMethod: "Murmur2",
      hashSeed: HASH_SEED,
      tmpFilePrefix: this.#parts.cells.prefix,
      tmpFileSuffix: PATH_SUFFIX,
      breakpoints: this.#started?.session.breakpoints.list() ?? [],
      stoppedThreads: this.#started?.session.pause ? [THREAD_ID] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    }),

    dumpCell: ({ code }: { readonly code: string }) => ({ sourcePath: this.#parts.cells.dump(code) }),

    source: async ({ source, sourceReference }: DebugProtocol.SourceArguments) => {
      const path = source?.path ?? "";
      const isLoaded = this.#scripts.files().some((file) => file.path === path);
      const content = this.#parts.cells.textOf(path) ?? (isLoaded ? await readFile(path, "utf8") : undefined);
      if (content === undefined)
        throw new DebugRequestError(`source: "${path || sourceReference}" is neither a cell nor a file that is loaded`);
      return { content, mimeType: "text/x-typescript" };
    },

    modules: () => {
      const modules = this.#scripts.files().map((file, id) => ({ id, ...file }));
      return { modules, totalModules: modules.length };
    },

    inspectVariables: async () => {
      if (!this.#started?.session.pause) this.#variables.clear();
      return { variables: await readNotebook(this.#parts.inspector(), this.#variables) };
    },

    variables: async ({ variablesReference, ...part }: DebugProtocol.VariablesArguments) => ({
      variables: await this.#variables.get(variablesReference).children(part),
    }),

    richInspectVariables: async ({
      variableName,
      frameId,
    }: {
      readonly variableName: string;
      readonly frameId?: number;
    }) => {
      if (!isName(variableName)) return { data: {}, metadata: {} };
      const inspector = this.#parts.inspector();
      const pause = this.#started?.session.pause;
      const frame = (pause?.frame(frameId) ?? pause?.frames[0])?.callFrame;
      const value = await evaluate(inspector, variableName, { frame });
      return { data: await richBundle(inspector, value, frame !== undefined), metadata: {} };
    },
  };
}

/** JupyterLab's tree shows the values of Python's types and only the names of all others. */
const JUPYTERLAB_TYPES = { number: "float", bigint: "int", string: "str", boolean: "bool" };

const IN_USE = "another client debugs this kernel; end its debugging there, or send disconnect";

const pick = (answers: Answers, command: string) => (Object.hasOwn(answers, command) ? answers[command] : undefined);
