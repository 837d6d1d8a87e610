package wire

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Challenge is one challenge of WWW-Authenticate or Proxy-Authenticate (RFC 3261 section 20.44).
type Challenge struct {
	Scheme string           // "Digest", "Bearer" as written
	Params sip.HeaderParams // names in lower case, values without quotes
}

// ParseChallenges reads the value of one WWW-Authenticate or Proxy-Authenticate. RFC 3261 allows one challenge in it; several, as
// in HTTP, are read too. A word that no "=" follows starts a new challenge.
func ParseChallenges(value string) ([]Challenge, error) {
	var list []Challenge
	p := scanner{s: value}
	for {
		for p.take(',') {
		}
		if p.space(); p.done() {
			break
		}
		word := p.run(clsToken)
		if word == "" {
			return nil, errToken
		}
		if !p.take('=') {
			list = append(list, Challenge{Scheme: word})
			continue
		}
		if len(list) == 0 {
			return nil, errParam
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if p.space(); !p.done() && p.peek() != ',' {
			return nil, errParam
		}
		last := &list[len(list)-1]
		last.Params = append(last.Params, sip.HeaderKV{K: strings.ToLower(word), V: unquote(v)})
	}
	if len(list) == 0 {
		return nil, errEmpty
	}
	return list, nil
}

// ParseAuthParams reads name=value pairs without a scheme in front, as in Authentication-Info.
func ParseAuthParams(value string) (sip.HeaderParams, error) {
	list, err := ParseChallenges("Digest " + value)
	if err != nil {
		return nil, err
	}
	if len(list) != 1 {
		return nil, errParam
	}
	return list[0].Params, nil
}
