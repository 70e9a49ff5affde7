// SPDX-License-Identifier: EUPL-1.2
// What the stand-ins of providers share: faults on command, and reading a body.

export class BadBody extends Error {}

export function readAll(request, max = 60 * 1024 * 1024) {
  return new Promise((resolve, reject) => {
    const parts = [];
    let n = 0;
    request.on('data', (d) => {
      n += d.length;
      if (n > max) reject(new BadBody('body too large'));
      else parts.push(d);
    });
    request.on('end', () => resolve(Buffer.concat(parts)));
    request.on('error', reject);
  });
}

// The next fault that waits for this method, or null. world.faults: [{ method: name or '*', kind, times, skip }]
export function takeFault(world, method) {
  const i = world.faults.findIndex((f) => f.method === '*' || f.method.toLowerCase() === method.toLowerCase());
  if (i < 0) return null;
  const fault = world.faults[i];
  if (fault.skip > 0) {
    fault.skip--;
    return null;
  }
  if (--fault.times <= 0) world.faults.splice(i, 1);
  return fault;
}
