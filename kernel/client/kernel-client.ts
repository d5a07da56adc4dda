// A Jupyter client for one kernel process that it spawns: requests out, replies and output back, over node's IPC.
// Used by the extension and by `lectern run`; every other client comes over ZeroMQ. Not the kernel: no cell runs here.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CellOutput, ExecuteReply, LanguageMethod, LanguageMethods } from "#protocol";

export interface KernelProcessOptions {
  /** The node executable that runs the kernel. VS Code passes its own `process.execPath`. */
  readonly nodePath: string;
  /** Path of the bundled kernel process, `dist/kernel.js`. */
  readonly kernelPath: string;
  /** Working directory of the cells: the notebook's folder. Imports resolve from here. */
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Receives what the kernel process itself logs (stderr), line by line. */
  readonly log?: (line: string) => void;
}

export interface ExecuteOptions {
  readonly code: string;
  /** The notebook's cell id, for messages that name the cell. */
  readonly cellId?: string;
  readonly silent?: boolean;
  /** Called once, when the kernel takes the cell up, with its execution count. */
  readonly onStart?: (executionCount: number) => void;
  /** What the cell prints and shows; also called for what its timers and promises print after its end. */
  readonly onOutput: (output: CellOutput) => void;
  /** Asks the user what the cell asks (`prompt`); undefined for cancelled. Without it, a cell that asks fails and says why. */
  readonly onInput?: (question: InputQuestion) => Promise<string | undefined>;
}

export interface InputQuestion {
  readonly prompt: string;
  /** What is typed must not be seen. */
  readonly password: boolean;
}

/** The client's view of a kernel; see {@link KernelProcessOptions} for how to start one. */
export interface KernelConnection extends AsyncDisposable {
  /** Text of `kernel_info_reply.banner`, for example "Lectern 0.1.0 (TypeScript 6.0.3, node 24.21.0, cpu)". */
  readonly banner: string;
  /** Runs a cell. Resolves when the reply **and** the idle status have arrived; rejects with KernelError when the kernel dies. */
  execute(options: ExecuteOptions): Promise<ExecuteReply>;
  /**
   * Asks the language service, also while a cell runs. Offsets count UTF-16 code units. `null`: nothing to say, or a newer question
   * overtook this one. Rejects with KernelError when the kernel dies or refuses to answer.
   */
  language<M extends LanguageMethod>(
    method: M,
    params: LanguageMethods[M]["params"],
  ): Promise<LanguageMethods[M]["result"] | null>;
  /** Stops the running cell and keeps its variables. Resolves when the kernel has answered. */
  interrupt(): Promise<void>;
  /** A fresh engine process in the same kernel; every variable is gone, queued cells are aborted. */
  restart(): Promise<void>;
  /** A request of the debugger. Resolves with its response, also with one that says what went wrong. */
  debug(command: string, args?: object): Promise<DebugProtocol.Response>;
  /** Called with what the debugger says unasked: that a cell stopped, for example. */
  onDebugEvent(listener: (event: DebugProtocol.Event) => void): Disposable;
  /** Ends kernel and engine process. */
  shutdown(): Promise<void>;
  /** Called when the kernel process ended without having been asked to. */
  onUnexpectedExit(listener: (reason: string) => void): Disposable;
}
