// Package media turns SDP offers and answers into a running audio session: call Default().NewSession, then Offer and
// SetAnswer for an outgoing call or Answer for an incoming one, and Close at the end.
//
//	session, err := media.Default().NewSession(ctx, media.Config{})
//	offer, err := session.Offer(ctx, media.SendRecv)
//	// send it, receive an answer
//	err = session.SetAnswer(ctx, answer)
//
// The other side's description is read into what a call needs, and what the platform gets is written anew from that: no byte of
// it goes through, so no browser's parser decides whether a call works. The first audio section that can work is taken, all else
// is refused in its place. What a description gives another meaning than it had in this call (a payload type, the number of a
// header extension) is left out. What cannot work fails with an error that says why: see ErrNoCommonCodec and its neighbours.
//
// Nothing leaves without a candidate, and no path that works is given up for a new one: see Restarter. Rollback undoes an
// offer that was refused, whatever it was, and the audio goes on.
//
// A session is one call: it keeps its SDP origin, its m= lines and the name of its audio section whichever peer
// connection stands behind it, and replaces that connection when the other side turns out to be another machine (new
// ICE credentials and a new fingerprint at once). An SDP leaves with its candidates inside, as soon as it can work: see
// GatherPolicy. Audio goes by ICE with DTLS-SRTP and RTP/RTCP on one port, nothing else; video and data are refused in
// their place.
//
// SendOnly and Inactive mean what they mean in SDP: a call put on hold with SendOnly still hears the microphone unless
// it is muted as well.
//
// An Engine that is a Preparer makes calls quicker: a session is ready before the call, its microphone is opened beside
// the offer, and Rehearse makes the answer while the telephone rings. Nothing leaves for the other side before the
// microphone is open: neither a connectivity check nor DTLS.
//
// More is offered by optional interfaces, found by type assertion: Restarter, Forker, Rehearser, and in a browser
// DeviceSwitcher and Playback, and AudioSwitcher by the Engine; natively DTMFReceiver.
//
// # In the browser
//
// Default needs a secure context and asks for the microphone. Audio is played in an element of the page; where the
// autoplay rules forbid that, WatchPlayback tells and ResumePlayback, called from a click, repairs it. The tests with the
// tag e2e run all others in Chromium and in Firefox, with a fake microphone; MEDIA_RUN is a pattern of those to run there.
//
// # Natively
//
// Native takes a Source and gives to a Sink, in frames of 20 ms at 8 kHz, and speaks PCMU, PCMA and telephone-event.
// Loopback candidates are used, names of multicast DNS are not.
//
// # Limits
//
// No trickle ICE: what is found after the SDP has left is not told. No video. The native engine has no jitter buffer,
// no Opus and no echo canceller; where an OfferRestart that gave up a lost path is taken back, the path stays lost until the
// next offer of either side, which brings other credentials.
// Devices, WatchDevices, WatchPlayback and ResumePlayback do nothing natively.
package media
