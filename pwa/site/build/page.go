package build

import (
	"bytes"
	"encoding/json"
	"html/template"
	"os"
	"path/filepath"

	"github.com/gowebphone/webphone/pwa/site"
)

const description = "A SIP softphone in the browser: encrypted calls over your own SIP server, nothing to install."

// Colours of the browser around the page: --canvas of tokens.css in both themes.
const (
	canvasLight = "#eef1f5"
	canvasDark  = "#0b1016"
)

func (o Options) addPages(files map[string][]byte, program string) error {
	index, err := template.ParseFiles(filepath.Join(o.Root, "pwa", "site", site.Index))
	if err != nil {
		return err
	}
	var page bytes.Buffer
	err = index.Execute(&page, map[string]string{
		"Name": o.Name, "Description": description, "Light": canvasLight, "Dark": canvasDark, "Policy": site.MetaPolicy(),
		"Program": program,
	})
	if err != nil {
		return err
	}
	files[site.Index] = page.Bytes()
	for name, picture := range shots {
		if files[name], err = os.ReadFile(filepath.Join(o.Root, "testdata", "screens", picture)); err != nil {
			return err
		}
	}
	files[site.Manifest], err = json.MarshalIndent(o.manifest(), "", "  ")
	return err
}

// manifest describes the installed app. Addresses are relative, so the site works in any folder of any host; the
// identity alone belongs to the whole origin.
func (o Options) manifest() manifest {
	return manifest{
		ID: o.ID, Name: o.Name, ShortName: o.Name, Description: description,
		StartURL: "./", Scope: "./", Display: "standalone", DisplayOverride: []string{"standalone", "minimal-ui"},
		Orientation: "any", Dir: "auto", ThemeColor: canvasLight, BackgroundColor: canvasLight,
		Categories: []string{"business", "communication", "productivity"},
		Icons: []manifestIcon{
			{Src: "icon-192.png", Sizes: "192x192", Type: "image/png", Purpose: "any"},
			{Src: "icon-512.png", Sizes: "512x512", Type: "image/png", Purpose: "any"},
			{Src: "maskable-192.png", Sizes: "192x192", Type: "image/png", Purpose: "maskable"},
			{Src: "maskable-512.png", Sizes: "512x512", Type: "image/png", Purpose: "maskable"},
			{Src: "logo.svg", Sizes: "any", Type: "image/svg+xml", Purpose: "any"},
		},
		Shortcuts: []shortcut{
			{Name: "Dial pad", URL: "./#phone", Icons: shortcutIcons},
			{Name: "Contacts", URL: "./#contacts", Icons: shortcutIcons},
			{Name: "History", URL: "./#history", Icons: shortcutIcons},
		},
		Screenshots: []screenshot{
			{manifestIcon{Src: "shot-narrow.webp", Sizes: "390x844", Type: "image/webp"}, "narrow", "The dial pad"},
			{manifestIcon{Src: "shot-wide.webp", Sizes: "1280x800", Type: "image/webp"}, "wide", "A call, beside the contacts"},
		},
		ProtocolHandlers: []protocolHandler{
			{Protocol: "tel", URL: "./#number=%s"},
			{Protocol: "sip", URL: "./#number=%s"},
			{Protocol: "web+sip", URL: "./#number=%s"},
		},
		LaunchHandler: &launchHandler{ClientMode: []string{"focus-existing", "auto"}},
	}
}

var shortcutIcons = []manifestIcon{{Src: "icon-192.png", Sizes: "192x192", Type: "image/png"}}

// manifest is a web application manifest, with the members this site uses.
type manifest struct {
	ID               string            `json:"id"`
	Name             string            `json:"name"`
	ShortName        string            `json:"short_name"`
	Description      string            `json:"description"`
	StartURL         string            `json:"start_url"`
	Scope            string            `json:"scope"`
	Display          string            `json:"display"`
	DisplayOverride  []string          `json:"display_override"`
	Orientation      string            `json:"orientation"`
	Dir              string            `json:"dir"`
	ThemeColor       string            `json:"theme_color"`
	BackgroundColor  string            `json:"background_color"`
	Categories       []string          `json:"categories"`
	Icons            []manifestIcon    `json:"icons"`
	Shortcuts        []shortcut        `json:"shortcuts"`
	Screenshots      []screenshot      `json:"screenshots"`
	ProtocolHandlers []protocolHandler `json:"protocol_handlers"`
	LaunchHandler    *launchHandler    `json:"launch_handler"`
}

type manifestIcon struct {
	Src     string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose,omitempty"`
}

// screenshot is a picture that a browser shows when it offers to install the app.
type screenshot struct {
	manifestIcon
	FormFactor string `json:"form_factor"`
	Label      string `json:"label"`
}

// shots are where the screenshots come from: pictures of the README.
var shots = map[string]string{"shot-narrow.webp": "dialpad.webp", "shot-wide.webp": "call.webp"}

type shortcut struct {
	Name  string         `json:"name"`
	URL   string         `json:"url"`
	Icons []manifestIcon `json:"icons"`
}

type protocolHandler struct {
	Protocol string `json:"protocol"`
	URL      string `json:"url"`
}

type launchHandler struct {
	ClientMode []string `json:"client_mode"`
}
