// TypeScript as our processes load it: build.ts puts this in the place of the package.

import { requireCompiled } from "./compiled-code.ts";

// biome-ignore lint/style/noDefaultExport: in the place of a module that has one.
export default requireCompiled(new URL("./typescript.cjs", import.meta.url));
