import { openConnection } from './http-connection.ts';
import type { Load, LoadResult } from './load.ts';

// The process that `startLoadGenerator` starts: it is told a load and tells the result, as often as it is asked.

const run = async ({ url, requests, connections, seconds }: Load): Promise<LoadResult> => {
  const target = new URL(url);
  const bytes = requests.map((request) => Buffer.from(request, 'base64'));
  const latencies: number[] = [];
  let [turn, failures] = [0, 0];
  let firstFailure: string | null = null;
  const began = performance.now();
  const end = began + seconds * 1000;
  const sendUntilTheEnd = async () => {
    const connection = openConnection(target);
    while (performance.now() < end) {
      const request = bytes[turn++ % bytes.length] as Buffer;
      const sent = performance.now();
      const { status, body } = await connection.send(request);
      latencies.push(performance.now() - sent);
      if (status !== 200 || body.includes('"errors"')) {
        failures += 1;
        firstFailure ??= `${status} ${body.toString().slice(0, 500)}`;
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, sendUntilTheEnd));
  const perSecond = (latencies.length * 1000) / (performance.now() - began);
  return { answers: latencies.length, perSecond, failures, firstFailure, latencies };
};

process.on('message', (load: Load) => {
  run(load).then(
    (result) => process.send?.(result),
    (error: Error) =>
      process.send?.({ answers: 0, perSecond: 0, failures: 1, firstFailure: error.message, latencies: [] }),
  );
});
