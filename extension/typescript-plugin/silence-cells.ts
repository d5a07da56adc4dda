// A plugin of VS Code's own TypeScript server: in the cells of our notebooks it answers nothing where Lectern's language service
// answers. It sees each cell alone, so it would say "any", "unused" and every global a second time. Colours, folding and formatting
// stay its own. Runs in the TypeScript server's process, from `node_modules/lectern-cells` of the package; imports nothing.

import type ts from "@typescript/typescript6";

/** Sent by extension/language/silence-typescript.ts. */
export interface SilenceConfig {
  /** Paths of our notebooks, as in the URIs of their cells. */
  readonly notebooks?: readonly string[];
}

/** How the server names the file of a cell: `^/vscode-notebook-cell/AUTHORITY/PATH.ipynb#FRAGMENT.ts`. */
const CELL = "^/vscode-notebook-cell/";

type Silent = { readonly [Method in keyof ts.LanguageService]?: () => unknown };

/** What is said instead. */
const SILENT = {
  getSyntacticDiagnostics: () => [],
  getSemanticDiagnostics: () => [],
  getSuggestionDiagnostics: () => [],
  getCompletionsAtPosition: () => undefined,
  getCompletionEntryDetails: () => undefined,
  getQuickInfoAtPosition: () => undefined,
  getSignatureHelpItems: () => undefined,
  getDefinitionAtPosition: () => undefined,
  getDefinitionAndBoundSpan: () => undefined,
  getTypeDefinitionAtPosition: () => undefined,
  getRenameInfo: () => ({ canRename: false, localizedErrorMessage: "Lectern renames the names of its cells." }),
  getApplicableRefactors: () => [],
  getCodeFixesAtPosition: () => [],
} satisfies Silent;

interface PluginInfo {
  readonly config: SilenceConfig;
  readonly languageService: ts.LanguageService;
  readonly project: { refreshDiagnostics(): void };
}

export function silenceCells() {
  let notebooks: readonly string[] = [];
  let project: PluginInfo["project"] | undefined;
  const isOurs = (file: unknown): boolean =>
    typeof file === "string" && file.startsWith(CELL) && notebooks.some((path) => file.includes(`${path}#`));
  return {
    create(info: PluginInfo): ts.LanguageService {
      project = info.project;
      notebooks = info.config.notebooks ?? [];
      return new Proxy(info.languageService, {
        get(service, name) {
          const method: unknown = Reflect.get(service, name);
          const instead = Object.hasOwn(SILENT, name) ? SILENT[name as keyof typeof SILENT] : undefined;
          if (!instead || typeof method !== "function") return method;
          return (file: unknown, ...rest: unknown[]): unknown =>
            isOurs(file) ? instead() : method.call(service, file, ...rest);
        },
      });
    },
    onConfigurationChanged(config: SilenceConfig): void {
      notebooks = config.notebooks ?? [];
      project?.refreshDiagnostics();
    },
  };
}
