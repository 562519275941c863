import { currentKey, load, NotAllowed } from "./api.js";

let learnt;

// Has the page know what its caller may do: the style sheet hides what needs another role (data-needs). The server decides all the same.
export async function learnAccess() {
  const key = currentKey();
  if (learnt === key) return;
  const { roles } = await load("access").catch((problem) => {
    if (problem instanceof NotAllowed) return { roles: [] };
    throw problem;
  });
  document.body.dataset.roles = roles.join(" ");
  learnt = key;
}
