// What a kernel remembers through a long day, kept to so many entries: the oldest go. Not a cache: reading an entry does not make it
// younger.

/** Deletes the entries that were added first until at most `most` are left. */
export function forgetOldest(collection: Map<unknown, unknown> | Set<unknown>, most: number): void {
  for (const oldest of collection.keys()) {
    if (collection.size <= most) break;
    collection.delete(oldest);
  }
}
