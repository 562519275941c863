// node --require azurite.cjs azurite.js --disableTelemetry ...: what Azurite does otherwise here.
const http = require('node:http');
const Module = require('node:module');

// It loads the packages of its telemetry, more than half of what it reads at start, even where it is told to send none.
const load = Module._load;
Module._load = (request, ...others) => (request === 'applicationinsights' ? {} : load(request, ...others));

// Once a name holds what XML cannot (https://www.w3.org/TR/xml/#charsets), it answers no listing of that container any more, where Azure
// writes the name encoded. Such a name is refused, or one upload would stop the events and the reconcile of all others.
const beyondXml = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, response) {
  if (event !== 'request' || request.method !== 'PUT' || !holdsWhatXmlCannot(request.url)) {
    return emit.apply(this, arguments);
  }
  request.resume();
  response.writeHead(400, { 'content-type': 'application/xml', 'x-ms-error-code': 'InvalidUri' });
  response.end(
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>InvalidUri</Code>' +
      '<Message>The name holds a character that XML does not have, which Azurite cannot list.</Message></Error>',
  );
  return true;
};

function holdsWhatXmlCannot(url) {
  try {
    return beyondXml.test(decodeURIComponent(url.split('?')[0]));
  } catch {
    return false; // Azurite says what is wrong with it
  }
}
