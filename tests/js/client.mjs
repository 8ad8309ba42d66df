// What every test does with AWS's own client for browsers.

/** What the client hands to a callback. */
export function called(call) {
  return new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result)));
  });
}

/** Where the client keeps tokens when there is no browser. */
export class InMemory {
  #items = new Map();
  setItem(key, value) {
    this.#items.set(key, value);
  }
  getItem(key) {
    return this.#items.get(key) ?? null;
  }
  removeItem(key) {
    this.#items.delete(key);
  }
  clear() {
    this.#items.clear();
  }
}
