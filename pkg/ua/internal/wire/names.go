package wire

import "strings"

// compact maps the compact forms of header names to the long ones (the IANA registry of SIP header fields).
var compact = ['z' + 1]string{
	'a': "Accept-Contact",
	'b': "Referred-By",
	'c': "Content-Type",
	'd': "Request-Disposition",
	'e': "Content-Encoding",
	'f': "From",
	'i': "Call-ID",
	'j': "Reject-Contact",
	'k': "Supported",
	'l': "Content-Length",
	'm': "Contact",
	'n': "Identity-Info",
	'o': "Event",
	'r': "Refer-To",
	's': "Subject",
	't': "To",
	'u': "Allow-Events",
	'v': "Via",
	'x': "Session-Expires",
	'y': "Identity",
}

// canonical holds the usual spelling of the names this user agent looks at, by their lower case.
var canonical = make(map[string]string)

func init() {
	for _, name := range compact {
		if name != "" {
			canonical[strings.ToLower(name)] = name
		}
	}
	for _, name := range []string{
		"Accept", "Accept-Encoding", "Accept-Language", "Alert-Info", "Allow", "Authentication-Info", "Authorization",
		"Call-Info", "Content-Disposition", "Content-ID", "CSeq", "Date", "Diversion", "Error-Info", "Expires", "Flow-Timer",
		"History-Info", "Info-Package", "Max-Forwards", "Min-Expires", "Min-SE", "Organization", "P-Asserted-Identity",
		"P-Associated-URI", "P-Preferred-Identity", "Path", "Privacy", "Proxy-Authenticate", "Proxy-Authentication-Info",
		"Proxy-Authorization", "Proxy-Require", "RAck", "Reason", "Record-Route", "Recv-Info", "Remote-Party-ID", "Replaces",
		"Require", "Retry-After", "Route", "RSeq", "Server", "Service-Route", "SIP-ETag", "SIP-If-Match", "Subscription-State",
		"Target-Dialog", "Timestamp", "Unsupported", "User-Agent", "Warning", "WWW-Authenticate",
	} {
		canonical[strings.ToLower(name)] = name
	}
}

// headerName returns the usual spelling of a header name. Unknown names stay as they are.
func headerName(s string) string {
	if len(s) == 1 {
		if c := s[0] | 0x20; 'a' <= c && c <= 'z' && compact[c] != "" {
			return compact[c]
		}
		return s
	}
	if name, ok := canonical[strings.ToLower(s)]; ok {
		return name
	}
	return s
}
