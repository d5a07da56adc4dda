// Gives the library's classes the names under which it exports them: the bundler renames some, and people read them in
// printed models and errors. (Its own remedy, keepNames, would cost every call that makes a function.)

/** For all classes among the members of `library`, and of the objects in it. */
export function restoreClassNames(library: object): void {
  for (const [name, member] of Object.entries(library)) {
    if (typeof member === "function" && /^[A-Z]/.test(name)) Object.defineProperty(member, "name", { value: name });
    else if (typeof member === "object" && member !== null) restoreClassNames(member);
  }
}
