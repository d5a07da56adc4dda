// What the debugger can do, in DAP's words: the reply to `initialize`. Source: https://microsoft.github.io/debug-adapter-protocol.

import type { DebugProtocol } from "@vscode/debugprotocol";

export const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsBreakpointLocationsRequest: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsExceptionInfoRequest: true,
  supportsModulesRequest: true,
  supportsTerminateRequest: true,
  supportTerminateDebuggee: true,
  supportsDelayedStackTraceLoading: true,
  supportsClipboardContext: true,
  exceptionBreakpointFilters: [
    {
      filter: "uncaught",
      label: "Uncaught Errors",
      description: "Stops where an error is thrown that ends the cell.",
      default: true,
    },
    { filter: "all", label: "All Errors", description: "Stops wherever your code throws, also what is caught." },
  ],
};
