import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { slug } from "./slug.js";

/** Answers GET /?title=… with the slug of the title. */
export function server() {
  return createServer((request, response) => {
    const title = new URL(request.url, "http://localhost").searchParams.get("title");
    response.writeHead(title ? 200 : 400, { "content-type": "text/plain" });
    response.end(title ? `${slug(title)}\n` : "title is missing\n");
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const port = Number(process.env.PORT ?? 8080);
  const running = server().listen(port, () => console.log(`listening on http://localhost:${port}/?title=Hello`));
  process.once("SIGTERM", () => running.close()); // in a container nothing else would end it in good order
}
