// A database in memory with those words of IndexedDB that the phone says, for Node.js, which has none. What "fails" names goes
// wrong until it is emptied: "open" and "transaction" throw, "denied", "blocked" and "commit" are told by an event, and a request
// named there throws.
(() => {
  const databases = new Map(); // name -> { version, stores: name -> (key -> value) }
  const connections = [];
  const waiting = []; // transactions, one after another
  const fake = { fails: '', databases, connections };
  let busy = false;

  const failure = name => new DOMException(`${name} fails`, 'UnknownError');
  const happens = name => { if (fake.fails === name) throw failure(name); };
  const tell = (target, type, more) => target[`on${type}`]?.({ type, target, ...more });
  const own = value => value instanceof Uint8Array ? value.slice() : value;

  function next() {
    if (busy || !waiting.length) return;
    busy = true;
    setImmediate(run, waiting[0]);
  }

  function run(transaction) {
    const asked = transaction.requests.shift();
    if (asked) {
      asked.request.result = asked.work();
      tell(asked.request, 'success');
      return setImmediate(run, transaction);
    }
    waiting.shift();
    busy = false;
    if (fake.fails === 'commit' && transaction.mode !== 'readonly') {
      transaction.error = failure('commit');
      tell(transaction, 'abort');
    } else {
      if (transaction.copy) {
        transaction.data.clear();
        for (const [key, value] of transaction.copy) transaction.data.set(key, value);
      }
      tell(transaction, 'complete');
    }
    next();
  }

  class Transaction {
    constructor(data, mode) {
      Object.assign(this, { data, mode, requests: [], error: null });
      waiting.push(this);
      next();
    }

    objectStore() {
      const ask = (name, work) => {
        happens(name);
        if (this.mode === 'readonly' && name !== 'get') throw new DOMException('read only', 'ReadOnlyError');
        const request = { source: store, result: undefined };
        this.requests.push({ request, work: () => { this.copy ??= new Map(this.data); return work(this.copy); } });
        return request;
      };
      const store = {
        get: key => ask('get', copy => own(copy.get(key))),
        put: (value, key) => { const kept = own(value); return ask('put', copy => { copy.set(key, kept); return key; }); },
        delete: key => ask('delete', copy => { copy.delete(key); }),
        clear: () => ask('clear', copy => copy.clear()),
      };
      return store;
    }
  }

  class Connection extends EventTarget {
    constructor(database) { super(); Object.assign(this, { database, closed: false }); connections.push(this); }
    createObjectStore(name) { this.database.stores.set(name, new Map()); }
    close() { this.closed = true; }

    transaction(name, mode) {
      happens('transaction');
      if (this.closed) throw new DOMException('closed', 'InvalidStateError');
      return new Transaction(this.database.stores.get(name), mode);
    }
  }

  fake.open = (name, version) => {
    happens('open');
    const request = { error: null };
    setImmediate(() => {
      if (fake.fails === 'denied') {
        request.error = failure('denied');
        return tell(request, 'error');
      }
      if (fake.fails === 'blocked') return tell(request, 'blocked');
      const oldVersion = databases.get(name)?.version ?? 0;
      if (!oldVersion) databases.set(name, { stores: new Map() });
      request.result = new Connection(databases.get(name));
      databases.get(name).version = version;
      if (oldVersion < version) tell(request, 'upgradeneeded', { oldVersion });
      tell(request, 'success');
    });
    return request;
  };
  return fake;
})()
