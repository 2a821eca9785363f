import type * as Runtime from 'onnxruntime-node';
import { glibcVersion, missingPartAdvice, thisMachine } from '../platform/index.ts';
import { ModelRefusal } from './refusal.ts';

/**
 * Loads what runs the models. Some machines have none (Macs with an Intel processor, old systems, a Windows without its C++
 * runtime): the models abstain there, and all else goes on.
 *
 * @param load asks for the native part. @throws ModelRefusal `no-runtime`, in one line with what to do.
 */
export async function loadRuntime(
  load: () => Promise<typeof Runtime> = () => import('onnxruntime-node'),
): Promise<typeof Runtime> {
  try {
    return await load();
  } catch (cause) {
    const advice = missingPartAdvice(thisMachine(), glibcVersion(), 'models', cause);
    throw new ModelRefusal('no-runtime', `${advice}. Until then the models abstain`, { cause });
  }
}
