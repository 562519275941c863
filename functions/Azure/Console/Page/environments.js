// The environments that this app serves, as the page was told.
export const environments = document.documentElement.dataset.environments.split(" ");
