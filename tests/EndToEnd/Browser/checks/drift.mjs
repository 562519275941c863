// The map of models names what has been checked; a version says what it is held against, is checked by hand, and its report draws what it found.
export async function check({ page, open, row, traffic, api, expect }) {
  await open("drift");
  await row("drift", "console/1");

  const hour = 3_600_000;
  const until = new Date(Math.ceil(Date.now() / hour) * hour);
  const from = new Date(until.getTime() - 2 * hour);
  await traffic("console", "prod", async () => {
    for (let answered = 0; answered < 120;) {
      await page.waitForTimeout(1000);
      const { id } = await api("drift/checks", { model: "console", environment: "prod", version: 1, from, until });
      let run;
      do run = await api(`drift/checks/${id}`); while (run.stage !== "completed" && run.stage !== "failed");
      answered = (await api(run.report.replace("/api/", ""))).current.answered;
    }
  });
  await page.getByRole("link", { name: "console/1" }).click();
  await page.getByText("nothing yet: the first window").waitFor();
  await page.getByRole("button", { name: "Check the hours until now" }).click();
  await (await row("drift-reports", "not enough data")).getByRole("link").click();
  await page.getByText("Held against", { exact: true }).waitFor();
  await row("drift-features", "predictions");

  await page.evaluate(() => { location.hash = "#runs?name=checkdrift&status=completed"; });
  await (await row("runs", "CheckDrift")).locator("th a").click();
  await page.getByRole("link", { name: "its report" }).click();
  await page.getByText("Held against", { exact: true }).waitFor();

  // Windows that are years apart are a few ticks of the axis.
  await api("drift/checks", { model: "console", environment: "prod", version: 1, from: "1990-01-01T00:00:00Z", until: "1990-01-01T01:00:00Z" });
  await open("drift/prod/console/1");
  await row("drift-reports", "1990");
  const texts = await page.locator("svg.chart.wide").first().locator("text").count();
  expect(texts > 4 && texts < 40, `the axes of the history have ${texts} numbers`);

  const answer = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  expect(answer, "the page is wider than its window");
}
