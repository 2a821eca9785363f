// A program that loads, and gives up when it is told to open.
process.send({ kind: 'loaded' });
process.on('message', () => {
  process.stderr.write('it does not work\n');
  process.exit(1);
});
