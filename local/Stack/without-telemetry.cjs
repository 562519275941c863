// node --require without-telemetry.cjs azurite.js --disableTelemetry ...: Azurite loads the packages of its telemetry, more than half of what it reads at
// start, even where it is told to send none.
const Module = require('node:module');

const load = Module._load;
Module._load = (request, ...others) => (request === 'applicationinsights' ? {} : load(request, ...others));
