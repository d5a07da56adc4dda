// Imported first by every entry point: an older Node would end in an error of syntax or of a missing function.

const oldest = 22;

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `lectern: needs Node ${oldest} or newer, this is ${process.version} (${process.execPath}).\n` +
      "In this project use npx lectern, which brings its own Node; in VS Code set lectern.nodePath.\n",
  );
  process.exit(1);
}
