/** Returns the greeting for a name. */
export function greeting(name) {
  return `Hello, ${name}!`;
}
