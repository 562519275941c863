// Checks the signatures of presigned addresses (AWS Signature Version 4 in the query), which s3rver takes unchecked.
// docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
import crypto from 'node:crypto';

/** Answers 403 to a presigned request whose signature is of another method, key, header or time. */
export function checkPresigned(secret) {
  return (ctx, next) => {
    const [path, query = ''] = ctx.req.url.split(/\?(.*)/s);
    const parameters = query.split('&').filter(Boolean).map(pair => pair.split(/=(.*)/s).slice(0, 2).map(decodeURIComponent));
    const { 'X-Amz-Signature': given, ...signed } = Object.fromEntries(parameters);
    if (!given || given === sign(ctx, path, signed, secret)) return next();
    ctx.status = 403;
    ctx.type = 'application/xml';
    ctx.body = '<Error><Code>SignatureDoesNotMatch</Code><Message>The address was signed for another request.</Message></Error>';
  };
}

function sign(ctx, path, parameters, secret) {
  const names = parameters['X-Amz-SignedHeaders'] ?? '';
  const request = [
    ctx.req.method,
    path.split('/').map(segment => encode(decodeURIComponent(segment))).join('/'),
    Object.entries(parameters).map(pair => pair.map(encode).join('=')).sort().join('&'),
    names.split(';').map(name => `${name}:${ctx.get(name).trim()}\n`).join(''),
    names,
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const scope = (parameters['X-Amz-Credential'] ?? '').split('/').slice(1);
  const key = scope.reduce(hmac, `AWS4${secret}`);
  return hmac(key, ['AWS4-HMAC-SHA256', parameters['X-Amz-Date'], scope.join('/'), sha256(request)].join('\n')).toString('hex');
}

const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
const sha256 = text => crypto.createHash('sha256').update(text).digest('hex');
const encode = text => encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
