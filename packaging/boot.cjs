// Lies beside the program's files, so that its import goes the way of files.
'use strict';
const { pathToFileURL } = require('node:url');

module.exports = (file) => {
  import(pathToFileURL(file).href).catch((error) => {
    process.stderr.write(`sentinel: ${error?.stack ?? error}\n`);
    process.exit(1);
  });
};
