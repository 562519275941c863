// A page is told of changes by a stream, and shows what changes.
export async function check({ page, open, row, upload, expect }) {
  const opened = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith("/changes"));
  await open("runs?within=1h");
  const stream = await opened;
  expect(stream.headers()["content-type"].startsWith("text/event-stream"), `the stream is of ${stream.headers()["content-type"]}`);

  await row("runs", await upload("live", "The harbour is open."));
}
