package handover

import (
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
)

// emergency and crisis numbers look like extensions, and nobody is connected to them unasked. Those in local are of some
// countries; in front of the others an exchange may want one or two digits.
var (
	emergency = strings.Fields("000 108 110 111 112 113 114 115 116 117 118 119 122 133 144 911 988 999")
	local     = strings.Fields(`100 101 102 103 104 105 106 107 120 123 128 129 131 132 140 143 147 150 155 158 166 190 191 192
		193 194 195 197 198 199 991 992 993 994 995 996 997 998`)
)

// service reports whether a short number may belong to the network and not to the house: those from 11, and emergency numbers
// with one or two digits in front that lead outside.
func service(user string) bool {
	if strings.HasPrefix(user, "11") || slices.Contains(local, user) {
		return true
	}
	for prefix := range min(len(user), 3) {
		if slices.Contains(emergency, user[prefix:]) {
			return true
		}
	}
	return false
}

// longestExtension is how many digits a number inside a house has at most.
const longestExtension = 6

// Inside reports whether an address is an extension of the domain: a name, or a short number without a prefix that leads outside.
// The server of the domain also connects to the whole world, so the host alone says nothing about the costs, and neither does a
// number that carries more than itself.
func Inside(to ua.Address, domain string) bool {
	user, w := to.User, wishOf(to)
	switch {
	case user == "" || w.user != user || !w.at(domain) || service(user):
		return false
	case strings.ContainsFunc(user, func(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }):
		return strings.Trim(user, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
	}
	return strings.Trim(user, "0123456789") == "" && len(user) <= longestExtension && user[0] != '0'
}
