// Prints the slugs of the titles that it is called with.
import { slug } from "../src/slug.js";

for (const title of process.argv.slice(2)) console.log(slug(title));
