// SwiftShader, Vulkan on the CPU: it comes with Debian's chromium and plays the GPU where there is none.

import { existsSync } from "node:fs";

export const swiftShaderPath = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** What a process needs in order to find a GPU: nothing if drivers were chosen already, else SwiftShader if it is there. */
export function gpuEnvironment(): NodeJS.ProcessEnv {
  const isChosen = process.env.VK_ICD_FILENAMES !== undefined;
  return isChosen || !existsSync(swiftShaderPath) ? {} : { VK_ICD_FILENAMES: swiftShaderPath };
}
