import { load } from "./api.js";
import { h, time } from "./dom.js";
import { createTable } from "./table.js";

const verdictClass = { promoted: "completed", rejected: "failed", "rolled back": "failed" };

export const verdict = (promotion) => ({
  text: promotion.verdict ?? promotion.stage, className: verdictClass[promotion.verdict] ?? "running", reason: promotion.reason,
});

export function promotions() {
  const table = createTable({
    id: "promotions",
    caption: "The latest first",
    empty: "No promotions.",
    columns: ["Promotion", "Model", "Version", "From", "To", "Asked by", "Asked", "Verdict or stage"],
    keyOf: (promotion) => promotion.id,
    cellsOf: (promotion) => [
      { text: promotion.id, className: "id", href: `#promotions/${encodeURIComponent(promotion.id)}` },
      { text: promotion.model, className: "model" },
      promotion.version,
      promotion.from ?? "outside",
      promotion.to,
      promotion.requestedBy,
      time(promotion.requestedAt),
      { ...verdict(promotion), className: `${verdict(promotion).className} detail` },
    ],
  });

  return {
    element: h("section", {}, h("h2", {}, "Promotions"), table.element),
    async refresh() {
      const { items } = await load("promotions", { limit: 50 });
      table.fill(items);
      return `${items.filter((promotion) => !promotion.verdict).length} at work of the latest ${items.length}`;
    },
  };
}
