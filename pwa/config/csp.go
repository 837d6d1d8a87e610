package config

import (
	"slices"
	"strings"
)

// CSPConnect returns the sources of connect-src besides the page's own origin: the servers, and where phonebook and
// provisioning are fetched. Where the user or the provisioning object may name a server it is any encrypted one. Of a server
// whose WebSocket fails the page asks by HTTP whether it is there: a browser tells nothing else.
func (c Config) CSPConnect() []string {
	var sources []string
	add := func(s string) {
		if s != "" && !slices.Contains(sources, s) {
			sources = append(sources, s)
		}
	}
	open := c.openServers()
	if open {
		add("wss:")
		add("https:")
	}
	for _, s := range append(slices.Clone(c.WSServer), c.WSServers...) {
		if !open || !strings.HasPrefix(s.URL, "wss:") {
			add(origin(s.URL))
			add("http" + strings.TrimPrefix(origin(s.URL), "ws")) // wss: is https:, ws: is http:
		}
	}
	add(origin(c.Phonebook))
	add(origin(c.Provisioning))
	if c.Provisioning != "" && c.Phonebook == "" {
		add("https:") // the provisioning object may name the phonebook
	}
	return sources
}

// openServers reports whether servers can come to be used that are not known here.
func (c *Config) openServers() bool {
	return len(c.WSServers)+len(c.WSServer) == 0 || c.Provisioning != "" || c.May("wsServers") || c.Has(EditSettings) &&
		c.May("wsServer")
}

// CSPStyle returns the sources of style-src besides the page's own origin.
func (c Config) CSPStyle() []string { return foreign(c.CSS) }

// CSPImage returns the sources of img-src besides the page's own origin: signs of the menu.
func (c Config) CSPImage() []string {
	var urls []string
	for _, row := range c.Menu {
		urls = append(urls, row.Icon)
	}
	return c.menuSources(urls)
}

// CSPFrame returns the sources of frame-src besides the page's own origin: pages of the menu, and the page about who is on the
// line.
func (c Config) CSPFrame() []string {
	var urls []string
	for _, row := range c.Menu {
		urls = append(urls, row.URL)
	}
	if c.ScreenPop.Framed() {
		urls = append(urls, c.ScreenPop.URL)
	}
	return c.menuSources(urls)
}

// menuSources is where the menu leads: anywhere encrypted when the provisioning object may bring another menu.
func (c *Config) menuSources(urls []string) []string {
	sources := foreign(urls...)
	if c.Provisioning != "" {
		sources = append(sources, "https:")
	}
	return sources
}

func foreign(urls ...string) []string {
	var sources []string
	for _, u := range urls {
		if o := origin(u); o != "" && !slices.Contains(sources, o) {
			sources = append(sources, o)
		}
	}
	return sources
}

// AllowsFrame reports whether a page of origin parent may show the phone of origin own in a frame and drive it.
func (c Config) AllowsFrame(parent, own string) bool {
	if len(c.FrameAncestors) == 0 {
		return parent == own
	}
	parent = strings.ToLower(parent)
	return slices.ContainsFunc(c.FrameAncestors, func(source string) bool {
		if source == "'self'" {
			return parent == own
		}
		scheme, host, _ := strings.Cut(source, "://")
		tail, wild := strings.CutPrefix(host, "*")
		if !wild {
			return parent == source
		}
		rest, ok := strings.CutPrefix(parent, scheme+"://")
		return ok && strings.HasSuffix(rest, tail) && len(rest) > len(tail)
	})
}
