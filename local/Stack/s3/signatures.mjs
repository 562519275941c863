// Checks AWS Signature Version 4, in the header Authorization or in the query of a presigned address: s3rver takes requests without any,
// and presigned addresses unchecked. docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
import crypto from 'node:crypto';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW = 15 * 60 * 1000; // as Amazon S3 has it

/**
 * Answers 403 to a request that is not signed, or whose signature is of another method, key, header or time. Headers x-amz-… change what a
 * request does, so that whoever was given a presigned address may add none.
 */
export function checkSignature(secret, now = Date.now) {
  return (ctx, next) => {
    const fault = findFault(ctx, secret, now()); // which leaves the seed of the signatures of chunks
    if (!fault) return next();
    ctx.status = 403;
    ctx.type = 'application/xml';
    ctx.body = `<Error><Code>${fault.code}</Code><Message>${fault.message}</Message></Error>`;
  };
}

function findFault(ctx, secret, now) {
  const [path, query = ''] = ctx.req.url.split(/\?(.*)/s);
  const parameters = query.split('&').filter(Boolean).map(pair => {
    const [name, value = ''] = pair.split(/=(.*)/s);
    return [decode(name), decode(value)];
  });
  const signed = readHeader(ctx, parameters) ?? readQuery(parameters);
  if (!signed) return { code: 'AccessDenied', message: `The request is not signed; expected ${ALGORITHM}.` };
  const age = now - timeOf(signed.date);
  if (!(signed.isNow ? Math.abs(age) <= MAX_SKEW : age >= -MAX_SKEW)) {
    return { code: 'RequestTimeTooSkewed', message: 'The time of the request is more than 15 minutes away from the time of the server.' };
  }
  if (!signed.isNow && !/^\d+$/.test(signed.expires)) {
    return { code: 'AccessDenied', message: 'X-Amz-Expires is no number of seconds.' };
  }
  const unsigned = Object.keys(ctx.headers).filter(name => name.startsWith('x-amz-') && !signed.headers.split(';').includes(name));
  if (unsigned.length > 0) {
    return { code: 'AccessDenied', message: `There were headers present in the request which were not signed: ${unsigned.join(', ')}.` };
  }
  const seed = { sign: signer(signed.scope, secret), date: signed.date, scope: signed.scope.join('/'), signature: signed.signature };
  ctx.state.seed = seed;
  if (sign(ctx, path, signed, seed.sign) !== signed.signature) {
    return { code: 'SignatureDoesNotMatch', message: 'The signature is not that of this request by the key S3RVER.' };
  }
  return null;
}

function readHeader(ctx, parameters) {
  const authorization = ctx.get('authorization');
  if (!authorization.startsWith(`${ALGORITHM} `)) return null;
  const parts = Object.fromEntries(authorization.slice(ALGORITHM.length + 1).split(',').map(part => part.trim().split(/=(.*)/s)));
  return {
    signature: parts.Signature,
    scope: (parts.Credential ?? '').split('/').slice(1),
    headers: parts.SignedHeaders ?? '',
    date: ctx.get('x-amz-date'),
    isNow: true,
    parameters,
    payload: ctx.get('x-amz-content-sha256'),
  };
}

function readQuery(parameters) {
  const given = Object.fromEntries(parameters);
  if (given['X-Amz-Algorithm'] !== ALGORITHM) return null;
  return {
    signature: given['X-Amz-Signature'],
    scope: (given['X-Amz-Credential'] ?? '').split('/').slice(1),
    headers: given['X-Amz-SignedHeaders'] ?? '',
    date: given['X-Amz-Date'] ?? '',
    isNow: false,
    expires: given['X-Amz-Expires'] ?? '0', // s3rver checks how long the address is valid
    parameters: parameters.filter(([name]) => name !== 'X-Amz-Signature'),
    payload: 'UNSIGNED-PAYLOAD',
  };
}

function sign(ctx, path, { scope, headers, date, parameters, payload }, sign) {
  const request = [
    ctx.req.method,
    path.split('/').map(segment => encode(decode(segment))).join('/'),
    parameters.map(pair => pair.map(encode)).sort(byNameAndValue).map(pair => pair.join('=')).join('&'),
    headers.split(';').map(name => `${name}:${ctx.get(name).trim().replace(/ +/g, ' ')}\n`).join(''),
    headers,
    payload,
  ].join('\n');
  return sign([ALGORITHM, date, scope.join('/'), sha256(request)].join('\n'));
}

function signer(scope, secret) {
  const key = scope.reduce(hmac, `AWS4${secret}`);
  return text => hmac(key, text).toString('hex');
}

const byNameAndValue = ([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b));
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Of the basic format of ISO 8601, such as 20261130T160000Z; not a number for any other. */
const timeOf = text => Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
const sha256 = text => crypto.createHash('sha256').update(text).digest('hex');
const encode = text => encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
