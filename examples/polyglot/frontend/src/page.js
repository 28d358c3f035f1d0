/** The address that the backend answers with a greeting of somebody. */
export function greeting(name) {
  return `/greet?name=${encodeURIComponent(name)}`;
}

/** Shows the greeting in an element of the page. */
export async function show(element, name, get = fetch) {
  element.textContent = await (await get(greeting(name))).text();
}
