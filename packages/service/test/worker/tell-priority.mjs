/** A child that says, when asked, how it stands: its niceness and the names of its environment. */
import { getPriority } from 'node:os';

process.once('message', () => {
  process.send({ niceness: getPriority(), variables: Object.keys(process.env) }, () => process.disconnect());
});
