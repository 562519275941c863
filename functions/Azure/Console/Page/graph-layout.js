// Where the boxes of a drawing in layers stand: each to the right of all that lead to it, in an order that lets few lines cross.
// After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981.
const sweeps = 6;

// Nodes are ids, edges { from, to }. Gives the ids of each layer, from left to right and from top to bottom.
export function layersOf(ids, edges) {
  const forward = withoutCycles(ids, edges);
  const rank = ranksOf(ids, forward);
  const layers = [];
  for (const id of ids) (layers[rank.get(id)] ??= []).push(id);
  return inOrder([...layers].filter(Boolean), forward);
}

// Lines that lead back to where their way began are drawn, and do not say who stands to the right of whom.
function withoutCycles(ids, edges) {
  const next = groupBy(edges, "from"), state = new Map(), kept = [];
  const visit = (id) => {
    state.set(id, "open");
    for (const edge of next.get(id) ?? []) {
      if (state.get(edge.to) === "open") continue;
      kept.push(edge);
      if (!state.has(edge.to)) visit(edge.to);
    }
    state.set(id, "done");
  };
  for (const id of ids) if (!state.has(id)) visit(id);
  return kept;
}

// The longest way to each; what nothing leads to stands right before what it leads to.
function ranksOf(ids, edges) {
  const before = groupBy(edges, "to"), after = groupBy(edges, "from"), rank = new Map();
  const rankOf = (id) => {
    if (!rank.has(id)) rank.set(id, Math.max(-1, ...(before.get(id) ?? []).map(({ from }) => rankOf(from))) + 1);
    return rank.get(id);
  };
  ids.forEach(rankOf);
  for (const id of ids) {
    if (!before.has(id) && after.has(id)) rank.set(id, Math.max(0, Math.min(...after.get(id).map(({ to }) => rank.get(to))) - 1));
  }
  return rank;
}

// Each layer by the middle of those that its nodes are joined with in the layers before it, then after it, again and again.
function inOrder(layers, edges) {
  const before = groupBy(edges, "to"), after = groupBy(edges, "from");
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isForward = sweep % 2 === 0;
    const place = new Map(layers.flatMap((layer) => layer.map((id, at) => [id, (at + 0.5) / layer.length])));
    for (const layer of isForward ? layers : layers.toReversed()) {
      const middle = new Map(layer.map((id) => {
        const joined = (isForward ? before : after).get(id)?.map((edge) => place.get(isForward ? edge.from : edge.to)) ?? [];
        return [id, joined.length > 0 ? joined.reduce((sum, at) => sum + at, 0) / joined.length : place.get(id)];
      }));
      layer.sort((a, b) => middle.get(a) - middle.get(b) || (a < b ? -1 : 1));
      layer.forEach((id, at) => place.set(id, (at + 0.5) / layer.length));
    }
  }
  return layers;
}

function groupBy(edges, end) {
  const groups = new Map();
  for (const edge of edges) groups.set(edge[end], [...groups.get(edge[end]) ?? [], edge]);
  return groups;
}
