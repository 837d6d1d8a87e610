package static

import (
	"net/http"
	"strings"

	"github.com/gowebphone/webphone/pwa/site"
)

// permissions names what the page and its frames may ask for: the microphone and what goes with a call, nothing else.
var permissions = strings.Join([]string{
	"microphone=(self)",
	"autoplay=(self)",
	"screen-wake-lock=(self)",
	"clipboard-read=(self)",
	"clipboard-write=(self)",
	"fullscreen=(self)",
	"hid=(self)", // buttons of headsets
	"accelerometer=()",
	"camera=()",
	"display-capture=()",
	"encrypted-media=()",
	"geolocation=()",
	"gyroscope=()",
	"magnetometer=()",
	"midi=()",
	"payment=()",
	"picture-in-picture=()",
	"publickey-credentials-get=()",
	"serial=()",
	"usb=()",
	"xr-spatial-tracking=()",
}, ", ")

func (h *handler) setHeaders(header http.Header, config Configuration) {
	header.Set("Content-Security-Policy", site.ContentSecurityPolicy(config.Policy))
	header.Set("Permissions-Policy", permissions)
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", resourcePolicy(config.Policy.Ancestors))
	if h.TLS {
		header.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// resourcePolicy keeps other origins from loading the files, unless they may show the page in a frame.
func resourcePolicy(ancestors []string) string {
	for _, ancestor := range ancestors {
		if ancestor != "'self'" && ancestor != "'none'" {
			return "cross-origin"
		}
	}
	return "same-origin"
}
