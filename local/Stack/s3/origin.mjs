// Keeps out what a web page could send here: its requests name where the page is from, or a name of its own for this machine. A presigned
// address may be used by any page, since only who was given it has it; to that end it answers as a bucket with a rule for sharing does.

const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** Answers 403 to a request from a page of elsewhere and, on a loopback address, to one that calls this server by another name. */
export function refuseForeign(address) {
  const isLoopback = LOCAL.test(address);
  return (ctx, next) => {
    const [origin, host] = [ctx.get('origin'), ctx.get('host')];
    const isForeign = origin && origin !== `http://${host}`;
    if (isForeign && 'X-Amz-Signature' in ctx.query && LOCAL.test(host)) return share(ctx, origin, next);
    if (!isForeign && (!isLoopback || LOCAL.test(host))) return next();
    ctx.status = 403;
    ctx.type = 'application/xml';
    ctx.body = `<Error><Code>AccessDenied</Code><Message>Requests by pages of elsewhere, or for another host, are refused.</Message></Error>`;
  };
}

const asked = (ctx) => ctx.get('access-control-request-headers').toLowerCase().split(',').map((name) => name.trim());

function share(ctx, origin, next) {
  ctx.set({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, PUT',
    // What is said of an object is under names of the uploader's choice, which the signature covers.
    'Access-Control-Allow-Headers': ['Content-Type', ...asked(ctx).filter((name) => name.startsWith('x-amz-meta-'))].join(', '),
  });
  if (ctx.method !== 'OPTIONS') return next();
  ctx.status = 204;
}
