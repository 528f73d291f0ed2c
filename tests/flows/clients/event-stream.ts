/** One message of an event stream (server-sent events): its `event`, `id` and `data` lines. A comment is for people. */
export type Message = { readonly event: string; readonly id: string; readonly data: string; readonly comment: string };

/** Reads an event stream over fetch, which sends headers: a browser's own `EventSource` cannot send a token. */
export async function* eventStream(response: Response): AsyncGenerator<Message> {
  if (!response.ok || !response.body) throw new Refused(response.status, await response.text());
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const messages = (text + chunk).split('\n\n');
    text = messages.pop() ?? '';
    for (const message of messages) {
      const lines = new Map(
        message.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
      );
      const [event = '', id = '', data = '', comment = ''] = ['event', 'id', 'data', ''].map((name) => lines.get(name));
      yield { event, id, data, comment };
    }
  }
}

/** The server said no: asking again the same way will not help. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
  }
}
