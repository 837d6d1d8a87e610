// Package number reads telephone numbers as people, SIP and tel URIs write them, and knows which of them are the same.
//
//	n := number.Read("+44 (0)20 7946 0000 ext. 12", cfg.Numbering)
//	same := number.Same("020 7946 0000", "+442079460000", cfg.Numbering)
//	target, err := number.Dialable("020 7946-0000")
//
// Match tells how well two numbers that were read go together; numbers that match share a Tail, under which they can be
// kept. Fold makes names comparable, and OneLine makes text of anything that came from outside.
//
// Limits: the numbering plan is one country's prefixes (config.Numbering); no table of the world's numbers is kept.
package number
