// Package txn holds the transactions of a SIP user agent: give Table.Receive every message that arrives, send requests
// by Table.Request and responses by Table.Respond, and call Expire when NextDeadline has come.
//
// It implements the four state machines of RFC 3261 section 17 with the Accepted state of RFC 6026, for a reliable
// transport: nothing is retransmitted, timers D, I, J and K are zero, so a transaction ends with its final response
// (INVITE server: with the ACK). Left are B and F (no response: 64*T1), H (no ACK: 64*T1), and L and M, which keep an
// INVITE transaction for 64*T1 after a 2xx so that every 2xx of every fork, and every ACK, reaches its owner.
//
// A Table has no goroutine, no lock and no clock: time is an argument, messages leave through the function given to New,
// and one goroutine owns it. Limits: no unreliable transport, and no retransmission of the 2xx, which is the owner's
// (RFC 3261 section 13.3.1.4).
package txn
