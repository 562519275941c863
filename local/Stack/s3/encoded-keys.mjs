// Keys in listings, percent-encoded for those who ask (encoding-type=url), as some have characters that XML cannot hold:
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
const NAMES = ['Prefix', 'Delimiter', 'StartAfter', 'Marker', 'NextMarker'];

export async function encodeKeys(ctx, next) {
  await next();
  const listing = ctx.body?.ListBucketResult;
  if (!listing || ctx.query['encoding-type'] !== 'url') return;
  for (const name of NAMES) if (listing[name]) listing[name] = encode(listing[name]);
  for (const object of listing.Contents ?? []) object.Key = encode(object.Key);
  for (const common of listing.CommonPrefixes ?? []) common.Prefix = encode(common.Prefix);
  listing.EncodingType = 'url';
}

/** As forms are encoded, but for the slash. */
function encode(key) {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
