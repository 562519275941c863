// A Lambda function for tests: takes SQS batches from the Runtime API, notes each message in a file, and does what the body asks for.
import { appendFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

for (;;) {
  const next = await fetch(`${runtime}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const { Records: messages } = await next.json();
  const batchItemFailures = [];
  for (const { messageId, body, attributes } of messages) {
    const attempt = Number(attributes.ApproximateReceiveCount);
    appendFileSync(file, `${body} ${attempt} ${messages.length} ${process.env.AWS_LAMBDA_FUNCTION_NAME}\n`);
    if (body === 'die once' && attempt === 1) process.exit(3);
    if (body === 'hang once' && attempt === 1) await new Promise(() => setInterval(() => {}, 1000));
    if (body === 'slow') await new Promise(resolve => setTimeout(resolve, 500));
    if (body === 'fail' || (body === 'fail once' && attempt === 1)) batchItemFailures.push({ itemIdentifier: messageId });
  }
  await fetch(`${runtime}/invocation/${id}/response`, { method: 'POST', body: JSON.stringify({ batchItemFailures }) });
}
