// How the page asks: a call takes JSON and gives JSON. What cannot be answered throws an
// error with a sentence for people.

export async function call(name, input, signal) {
  let response;
  try {
    response = await fetch(`call/${name}`, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(input),
      signal,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Error('The program behind this page does not answer: is "s3cors serve" still running?');
  }
  if (!response.ok) throw new Error((await response.text()).trim());
  return response.json();
}

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
