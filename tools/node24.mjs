// Loaded before every program of ours. On Linux the right Node is a dependency and this never speaks.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `Plugga runs on Node 24 or later, this is ${process.version}: on macOS and Windows, install it yourself.`,
  );
  process.exit(1);
}
