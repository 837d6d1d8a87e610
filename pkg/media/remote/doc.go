// Package remote lets a call's audio run in another place than its signalling: a user agent in a worker has no microphone and no
// peer connection, a page has. Engine and its sessions are a media.Engine there, Host runs them here on a real one.
//
//	// where the user agent runs
//	engine := &remote.Engine{}
//	agent, err := ua.New(ua.Config{MediaEngine: engine, ...})
//	page := engine.Connect(port.Post) // the next sessions are made there
//	err = page.Receive(message)       // for each message of the port, in their order
//	page.Close()                      // once the page is gone
//
//	// where the microphone is
//	host := remote.NewHost(media.Default(), port.Post)
//	err := host.Receive(message)
//	host.Close()
//
// The port is the application's: two functions that carry messages, whole and in order, between the two. Another page can be
// connected at any time, and makes the sessions from then on; those of the page before live as long as their call keeps them, or
// that page lives.
//
// What is asked of a session costs one message each way, the making of it included: Engine is a media.Preparer, and a prepared
// session is made by the message that brings its first offer or answer. States are told when they change. A context that ends
// ends the work there as well. Errors keep what errors.Is finds in them, and their text. SetMuted, SendDTMF and Close do not
// wait: whether telephone-event was negotiated is known here, with the answer.
//
// # When the other place is gone
//
// Close of a Conn ends what is asked of its sessions with media.ErrLost, and their states with media.StateLost, never with
// media.StateFailed: a call goes on with another session. So it is without a page: sessions fail with media.ErrLost.
//
// # What is not trusted
//
// Bytes that mean nothing are an error of Receive, after which the port is best closed. A Host has at most 64 sessions, with 32
// things asked of each. Numbers that are not known are passed over: their session may have been closed meanwhile.
//
// # Limits
//
// What a host's session cannot do fails with media.ErrUnsupported, but OfferRestart and OfferFresh are Offer there, and Rehearse
// does nothing. Devices, sounds and the permission to play them are the page's own: see the functions of package media.
package remote
