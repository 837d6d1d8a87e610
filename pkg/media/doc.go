// Package media turns SDP offers and answers into a running audio session: call Default().NewSession, then Offer and
// SetAnswer for an outgoing call or Answer for an incoming one.
package media
