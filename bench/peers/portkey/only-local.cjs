// SPDX-License-Identifier: Apache-2.0
// Portkey's gateway listens on all interfaces and has no option for less. Loaded before it (`node --require`), this keeps
// every server of the process on 127.0.0.1.
'use strict';

const net = require('node:net');

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const [first, second] = args;
  if (first !== null && typeof first === 'object' && 'port' in first) {
    args[0] = { ...first, host: '127.0.0.1' };
  } else if (Number.isInteger(Number(first))) {
    args.splice(1, typeof second === 'string' || second === undefined ? 1 : 0, '127.0.0.1');
  } else {
    throw new Error('this way to listen is not known to be local');
  }
  return listen.apply(this, args);
};
