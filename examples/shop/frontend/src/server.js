import { createServer } from 'node:http';
import { app } from './app.js';

const { API_URL: api = 'http://localhost:8080', SHOP_NAME: name = 'The harbour shop', PORT: port = '3000' } = process.env;

const server = createServer(app({ api, name })).listen(Number(port), () => console.log(`listening on port ${port}, the API is ${api}`));

// What is being answered is answered to its end.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
