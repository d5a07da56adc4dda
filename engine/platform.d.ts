// The web-standard globals that the engine uses, declared one by one: the engine is compiled without DOM and node types,
// so that nothing else can slip in. Every browser and Node 20 has them.

interface ByteStream {
  pipeThrough(transform: DecompressionStream): ByteStream;
}

declare class Blob {
  constructor(parts: readonly Uint8Array[]);
  stream(): ByteStream;
}

declare class Response {
  constructor(body: ByteStream);
  text(): Promise<string>;
}

declare class DecompressionStream {
  constructor(format: "gzip" | "deflate");
}

declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label: "utf-8", options: { readonly fatal: boolean });
  decode(bytes: Uint8Array): string;
}

interface MessagePort {
  onmessage: (() => void) | null;
  postMessage(message: null): void;
  close(): void;
}

declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}

declare const performance: { now(): number };
