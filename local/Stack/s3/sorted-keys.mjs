/** Keys in order, for listings by prefix and by page. */
export class SortedKeys {
  #keys;

  constructor(keys) {
    this.#keys = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  add(key) {
    const at = this.#find(key);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  delete(key) {
    const at = this.#find(key);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  /** All keys that are not before the given one. Only for use without waiting in between: a change would shift it. */
  *from(key) {
    for (let at = this.#find(key); at < this.#keys.length; at++) yield this.#keys[at];
  }

  #find(key) {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
