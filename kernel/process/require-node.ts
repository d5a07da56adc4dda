// Imported first by every entry point: an older Node would end in an error of syntax or of a missing function.

/** The first with `module.registerHooks`. */
const oldest = "22.15";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const [oldestMajor = 0, oldestMinor = 0] = oldest.split(".").map(Number);
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  process.stderr.write(
    `lectern: needs Node ${oldest} or newer, this is ${process.version} (${process.execPath}).\n` +
      "In this project use npx lectern, which brings its own Node; in VS Code set lectern.nodePath.\n",
  );
  process.exit(1);
}
