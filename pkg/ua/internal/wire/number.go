package wire

import "strings"

// Number reads the user part of a SIP URI, in its escaped form, as people know it: the telephone number or name without what
// stands behind it for exchanges (RFC 3966 parameters such as ;npdi;rn=, ;cpc=, ;phone-context=, which RFC 3261 section
// 19.1.6 puts into the user part) and, in a number with a "+" or with blanks, without visual separators. phone tells whether
// it is a telephone number. A name with parameters of its own ("user;par=x") stays whole, because there the whole is the
// name.
func Number(user string) (number string, phone bool) {
	text := cleanText(Unescape(user))
	head, params, has := strings.Cut(text, ";")
	digits, phone, err := dialString(head)
	phone = phone && err == nil
	if has && !phone && !telParams(params) {
		return text, false
	}
	if phone && (strings.HasPrefix(digits, "+") || strings.ContainsAny(head, " \t\u00a0")) {
		return digits, true
	}
	return trim(head), phone
}

// telNames are the parameters that exchanges hang on a number: RFC 3966, RFC 4694 (number portability), RFC 4759 (enumdi),
// RFC 4904 (trunk groups) and those in use for the category of the caller and the like.
var telNames = map[string]bool{
	"phone-context": true, "ext": true, "isub": true, "isub-encoding": true, "postd": true, "npdi": true, "rn": true,
	"rn-context": true, "cic": true, "cic-context": true, "enumdi": true, "tgrp": true, "trunk-context": true, "cpc": true,
	"oli": true, "isup-oli": true, "ss7-oli": true, "noa": true, "verstat": true, "tsp": true, "premium-rate": true,
}

// telParams tells whether every parameter is one of a telephone number.
func telParams(params string) bool {
	for p := range strings.SplitSeq(params, ";") {
		name, _, _ := strings.Cut(p, "=")
		if name = strings.ToLower(trim(name)); name != "" && !telNames[name] {
			return false
		}
	}
	return true
}
