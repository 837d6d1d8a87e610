// Package net takes the place of the standard one in the browser's build of the SIP library, which needs of it how addresses are
// written and nothing else: sockets, resolvers and what they bring are 1 % of the program.
//
// Limits: a browser has no interfaces, so none is told of.
package net

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// IP is an address of 4 or 16 bytes.
type IP []byte

// ParseIP reads an address in text, without a zone. It returns nil for what is none.
func ParseIP(s string) IP {
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return nil
	}
	all := addr.As16()
	return all[:]
}

// To4 returns an IPv4 address in 4 bytes, nil for another.
func (ip IP) To4() IP {
	addr, ok := netip.AddrFromSlice(ip)
	if !ok || !addr.Unmap().Is4() {
		return nil
	}
	four := addr.Unmap().As4()
	return four[:]
}

// IsLoopback reports whether it is an address of the machine itself.
func (ip IP) IsLoopback() bool {
	addr, ok := netip.AddrFromSlice(ip)
	return ok && addr.Unmap().IsLoopback()
}

// String writes the address as it stands in a URI, without brackets.
func (ip IP) String() string {
	addr, ok := netip.AddrFromSlice(ip)
	switch {
	case ok:
		return addr.Unmap().String()
	case len(ip) == 0:
		return "<nil>"
	}
	return fmt.Sprintf("?%x", []byte(ip))
}

// JoinHostPort puts brackets around an IPv6 address.
func JoinHostPort(host, port string) string {
	if strings.ContainsRune(host, ':') {
		host = "[" + host + "]"
	}
	return host + ":" + port
}

var errHostPort = errors.New("no host and port")

// SplitHostPort takes "host:port" and "[IPv6]:port" apart.
func SplitHostPort(hostport string) (host, port string, err error) {
	colon := strings.LastIndexByte(hostport, ':')
	if colon < 0 {
		return "", "", errHostPort
	}
	host, port = hostport[:colon], hostport[colon+1:]
	if inner, bracket := strings.CutPrefix(host, "["); bracket {
		host, bracket = strings.CutSuffix(inner, "]")
		if !bracket {
			return "", "", errHostPort
		}
	} else if strings.ContainsRune(host, ':') {
		return "", "", errHostPort
	}
	if strings.ContainsAny(host+port, "[]") {
		return "", "", errHostPort
	}
	return host, port, nil
}

// Addr is the address of one end of a connection.
type Addr interface {
	Network() string
	String() string
}

// IPNet is a network.
type IPNet struct{ IP IP }

func (n *IPNet) Network() string { return "ip+net" }
func (n *IPNet) String() string  { return n.IP.String() }

// Contains reports false: nobody knows its size.
func (n *IPNet) Contains(IP) bool { return false }

// Interface is one of none.
type Interface struct{ Flags Flags }

// Flags say what an interface is.
type Flags uint

// Flags of an interface.
const (
	FlagUp Flags = 1 << iota
	FlagLoopback
)

// Addrs returns none.
func (i *Interface) Addrs() ([]Addr, error) { return nil, nil }

// Interfaces returns none.
func Interfaces() ([]Interface, error) { return nil, nil }
