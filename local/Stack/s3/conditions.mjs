// If-Match and If-None-Match, as Amazon S3 answers them.
import S3Error from 's3rver/lib/models/error.js';

/** @param entry what is to be read */
export function checkRead(headers, entry) {
  const match = headers['if-match'];
  if (match && !isOneOf(match, entry)) throw failed('If-Match');
}

/** @param current what is to be replaced; undefined when there is none */
export function checkWrite(headers, current) {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  if (noneMatch === '*' && current) throw failed('If-None-Match');
  if (match && !current) throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  if (match && !isOneOf(match, current)) throw failed('If-Match');
}

const isOneOf = (match, entry) => match === '*' || match.replaceAll('"', '') === entry.etag;

const failed = header =>
  new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: header });
