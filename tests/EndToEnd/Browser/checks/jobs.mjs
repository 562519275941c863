// What is done to all jobs is told beforehand, and asks for something to be done it to.
export async function check({ page, open, expect }) {
  await open("jobs");
  await page.getByText("Act on all that match").click();
  await page.locator("p[role=status]", { hasText: /^\d+ of \d+ jobs match/ }).waitFor();
  await page.locator("#job-state").selectOption("silent");
  await page.getByRole("button", { name: "Cancel all" }).click();
  await page.locator(".problem", { hasText: "No jobs match." }).waitFor();
  expect(await page.locator("#connection.lost").count() === 0, "the list of jobs is not read");
}
