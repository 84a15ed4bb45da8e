// call asks for something: it takes the name of a call, its input, and what aborts it. It
// throws an error with a sentence for people.
export {send as call} from './transport.js';

// latest makes a function that runs a task once the user pauses, and only for the last
// input: an older one that still runs is aborted, and its result never shows.
export function latest(task, show, fail) {
  let timer, running;
  return function ask(wait) {
    clearTimeout(timer);
    running?.abort();
    timer = setTimeout(async () => {
      const mine = running = new AbortController();
      try {
        const result = await task(mine.signal);
        if (!mine.signal.aborted) show(result);
      } catch (error) {
        if (!mine.signal.aborted) fail(error);
      }
    }, wait);
  };
}
