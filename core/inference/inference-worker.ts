import { parentPort, workerData } from 'node:worker_threads';
import { DirectRunner } from './direct-runner.ts';
import { ModelRefusal } from './refusal.ts';
import { END, type WorkerReply, type WorkerRequest, type WorkerTerms } from './worker-protocol.ts';

/** The models' own thread: `session.run` blocks the thread that it is called on, and the engine must not wait. */
const terms = workerData as WorkerTerms | null; // given by `worker-runner.ts`, which starts this
const runner = new DirectRunner(terms?.capacityBytes);

parentPort?.on('message', (request: WorkerRequest | typeof END) => {
  // Between two calls of the runtime: ended from outside within one, it would take the whole program along.
  if (request === END) {
    if (terms !== null) {
      Atomics.store(terms.ended, 0, 1);
      Atomics.notify(terms.ended, 0);
    }
    process.exit(0);
  }
  void answer(request);
});

async function answer({ id, jobs }: WorkerRequest): Promise<void> {
  let reply: WorkerReply;
  try {
    reply = { id, answers: await runner.run(jobs) };
  } catch (error) {
    const code = error instanceof ModelRefusal ? error.code : 'cannot-run';
    reply = { id, refusal: { code, message: error instanceof Error ? error.message : String(error) } };
  }
  parentPort?.postMessage(reply);
}
