// A page is told of changes by a stream, and shows what changes.
export async function check({ page, key, open, row, expect }) {
  const opened = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith("/changes"));
  await open("runs?within=1h");
  const stream = await opened;
  expect(stream.headers()["content-type"].startsWith("text/event-stream"), `the stream is of ${stream.headers()["content-type"]}`);

  const name = `live-${Date.now()}.txt`;
  const sent = await page.request.post(`${page.url().split("/console")[0]}/assets?name=${name}`, { headers: { "x-functions-key": key }, data: "The harbour is open." });
  expect(sent.ok(), `the upload answered ${sent.status()}`);
  await row("runs", name);
}
