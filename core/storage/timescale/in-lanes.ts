/**
 * Does what `next` begins, at most so many of them at once, until it has nothing more. Between two calls of `next`, which may
 * take some milliseconds, whoever else waits for the event loop has it. After a failure nothing more is begun.
 *
 * @throws the first failure, when all that had begun has ended.
 */
export async function inLanes(width: number, next: () => Promise<void> | null): Promise<void> {
  const failures: unknown[] = [];
  let turn = Promise.resolve();
  let isOver = false;
  const lane = async (): Promise<void> => {
    while (!isOver) {
      turn = turn.then(giveWay);
      await turn;
      if (isOver) return;
      try {
        const work = next();
        if (work === null) isOver = true;
        else await work;
      } catch (error) {
        isOver = true;
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  if (failures.length > 0) throw failures[0];
}

const giveWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
