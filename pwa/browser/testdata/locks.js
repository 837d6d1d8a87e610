// The locks of a browser that the phone asks for: one holder of a name, the others in their order.
(() => {
  const held = new Map(); // name -> those who wait
  async function hold(name, lock, work) {
    try {
      return await work(lock && { name });
    } finally {
      if (lock) {
        const next = held.get(name).shift();
        if (next) next(); else held.delete(name);
      }
    }
  }
  return {
    held,
    request(name, { ifAvailable }, work) {
      if (!held.has(name)) {
        held.set(name, []);
        return hold(name, true, work);
      }
      if (ifAvailable) return hold(name, false, work);
      return new Promise(resolve => held.get(name).push(resolve)).then(() => hold(name, true, work));
    },
  };
})()
