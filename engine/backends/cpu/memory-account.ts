// Counts live buffers and notices the ones that the garbage collector took. Used by plain-backend.ts.

export class MemoryAccount {
  tensors = 0;
  bytes = 0;
  readonly #collected = new FinalizationRegistry<number>((bytes) => this.#close(bytes));

  /** Opens an entry for `owner`, to be closed when it is released or collected. */
  open(owner: object, bytes: number): void {
    this.tensors++;
    this.bytes += bytes;
    this.#collected.register(owner, bytes, owner);
  }

  release(owner: object, bytes: number): void {
    this.#collected.unregister(owner);
    this.#close(bytes);
  }

  #close(bytes: number): void {
    this.tensors--;
    this.bytes -= bytes;
  }
}
