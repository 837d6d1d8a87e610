// Package handover judges where a call is to go on when the other side asks for that (REFER, RFC 3515). Whoever asks has chosen
// the address, and who follows it pays.
//
//	if handover.Inside(target, domain) { // an extension of the house: it costs nothing, and may be followed unasked
//	shown, whole := handover.To(target, domain) // else the user is asked, where all of it can be read
package handover
