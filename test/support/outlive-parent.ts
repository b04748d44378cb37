// A child that learns how it ends only after its parent is gone, as one does that was still loading when the parent died.

import { once } from 'node:events';
import { dieWithParent } from '../../src/runtime/child-process.ts';

process.channel?.ref();
if (process.connected) await once(process, 'disconnect');
setInterval(() => undefined, 1_000);
dieWithParent();
