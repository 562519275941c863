// Where the next page of a listing begins. s3rver's own tokens end at a line break in the key that they name.
import S3Error from 's3rver/lib/models/error.js';

export async function nameNextPage(ctx, next) {
  const { 'continuation-token': token, ...query } = ctx.query;
  if (query['list-type'] !== '2') return next();
  if (token) ctx.query = { ...query, 'start-after': keyOf(token) };
  await next();
  const listing = ctx.body?.ListBucketResult;
  if (!listing) return;
  if (token) {
    delete listing.StartAfter;
    listing.ContinuationToken = token;
  }
  if (listing.IsTruncated) listing.NextContinuationToken = tokenOf(listing.Contents.at(-1).Key);
}

const tokenOf = key => Buffer.from(key).toString('base64');

function keyOf(token) {
  const key = Buffer.from(token, 'base64').toString();
  if (tokenOf(key) === token) return key;
  throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect', { ArgumentName: 'continuation-token' });
}
