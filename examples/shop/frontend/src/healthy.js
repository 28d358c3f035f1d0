// Asks the server whether it answers, for images without curl.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health`, { signal: AbortSignal.timeout(2000) });
process.exit(answer.ok ? 0 : 1);
