package browser

import "github.com/gowebphone/webphone/pwa/dom"

// The words of package dom that this one is full of.
var (
	listen  = dom.Listen
	survive = dom.Survive
	attempt = dom.Attempt
	await   = dom.Await
	bytesOf = dom.Bytes
	arrayOf = dom.Array
)
