// Package transport carries whole SIP messages over a WebSocket (RFC 7118). Call Dial with a ws:// or wss:// URL, then
// Send and Recv; in tests call Pipe for two connected ends in memory, which also work inside a testing/synctest bubble.
//
// Dial asks for the subprotocol "sip" and refuses a server that does not grant it. Text and binary frames are received
// alike; a message that is valid UTF-8 leaves as text, any other as binary. No message above MaxMessage leaves;
// of one that arrives the beginning is received, one byte longer than that. Recv hands out everything that arrived before the
// connection ended, then a *CloseError. Close lets queued messages leave first; Abandon is for links that are dead and never
// waits.
//
// # In the browser
//
// Natively the WebSocket is that of nhooyr.io/websocket, in a browser the browser's own. There:
//
//   - a refused certificate and a name that does not resolve look alike: DialUnreachable. DialCertificate never occurs.
//   - a server that refuses the WebSocket looks like them too. A URL that never has worked is asked by HTTP (HEAD, no-cors):
//     DialHTTPStatus, without the status, when a web server answers. The page's policy has to allow that (connect-src).
//   - so does a server of the local network that the browser keeps the page from: DialLocalNetwork, which is a guess from the
//     browser's permissions and the time that the try took.
//   - a server that does not grant "sip" looks like them too, so a URL that never has is dialled a second time,
//     without a subprotocol, before Dial fails: DialNoSubprotocol when that succeeds.
//   - ws:// from an https page is DialBadURL.
//   - only the close codes 1000 and 3000-4999 can be sent; Close replaces any other by 1000.
//   - a dead link is reported after 20 to 60 seconds only. Users of a connection watch over it themselves and call
//     Abandon.
//   - nobody can keep the other side waiting. Messages that come faster than Recv takes them, more than 4096 or 4 MiB, are lost;
//     of responses, BYE, CANCEL and ACK twice as many are kept, so what begins something is lost first. Natively reading
//     stops at that bound, and the other side waits by TCP.
//   - Dialer, which takes an HTTP client, does not exist.
//
// # Limits
//
// No compression, no ping of WebSocket level (browsers have none; RFC 5626 keep-alive is an ordinary message of CR and
// LF), no proxy settings other than those of the environment, natively.
package transport
