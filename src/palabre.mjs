#!/usr/bin/env node
// `npm ci` compiles what this starts; after a change of the sources, `npm run build` does.
await import('../dist/src/cli.js');
