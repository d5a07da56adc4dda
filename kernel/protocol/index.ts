// Door of the protocol: message and MIME types. Imports nothing but its own files.

export * from "./language.ts";
export * from "./messages.ts";
export * from "./mime.ts";
