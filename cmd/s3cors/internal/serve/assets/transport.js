// How the page reaches the calls: it asks the program that serves it.

export async function send(name, input, signal) {
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
