// What callers were promised of a model, and how fast its budget burns, over each window.
export async function check({ open, row, api, until, traffic, readByAxe, expect }) {
  const judged = async () => (await api("objectives")).items.find(({ model, environment }) => model === "console" && environment === "dev");
  await traffic("console", "dev", () => until(judged, "objective of console in dev"));

  await open("objectives");
  const standing = await row("objectives", "console");
  const said = await standing.innerText();
  for (const part of ["dev", "Answered: 99.9 %", "kept"]) expect(said.includes(part), `the objective does not say '${part}': ${said}`);
  expect(/^[\d.]+ · [\d.]+$/.test(await standing.locator("td[data-title='1 hour (14.4)']").innerText()), "there is no burn of an hour");
  expect(/^[\d.]+ · [\d.]+$/.test(await standing.locator("td[data-title='3 days (1)']").innerText()), "there is no burn of three days");
  await readByAxe();
}
