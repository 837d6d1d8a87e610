package phone

import (
	"cmp"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// setup is where the configuration of the phone comes from, the weakest source first. What the user chose in the forms
// and what is kept of it stands between the provisioning object and the link.
type setup struct {
	host        config.Config // with the server's environment
	provisioned config.Config // nothing before the first sign-in
	link        config.Config
	keep        store.KeyValues
}

// merge is the configuration in force, and what of it was refused.
func (s setup) merge() (config.Config, []*config.Error) {
	below, _ := config.Merge(s.host, s.provisioned)
	return config.Merge(s.host, s.provisioned, keptLayer(below, s.keep), s.link)
}

// keptLayer is the layer of what the user set at an earlier visit, without what the operator has taken in hand since.
func keptLayer(below config.Config, keep store.KeyValues) config.Config {
	layer := config.NewLayer(config.User)
	for key, name := range map[string]string{"theme": KeyTheme, "language": KeyLanguage, "username": KeyUser} {
		if value := keep.Load(name); value != "" && below.May(key) {
			layer.Set(key, value) // a value that is no longer understood counts as none
		}
	}
	return layer
}

// configured is a snapshot under another configuration: everything the operator has a say in is as it says.
func configured(s screen.Snapshot, cfg config.Config, opts Options) screen.Snapshot {
	s.Brand = cmp.Or(cfg.BrandName, "Webphone")
	s.Version = opts.Version[:min(len(opts.Version), 8)]
	if cfg.Has(config.HideVersion) {
		s.Version = ""
	}
	s.Show, s.NoLogout = screen.Parts(cfg.Show), cfg.Has(config.HideLogout)
	s.CSS, s.Rows, s.MenuRight, s.TitleUser = cfg.CSS, menuOf(cfg.Menu), cfg.Has(config.MenuRight), cfg.Has(config.TitleUsername)
	s.Theme = screen.Theme(choose(cfg.Theme == "system", "", cfg.Theme))
	s.Language = text.Choose(append([]string{cfg.Language}, opts.Languages...)...)
	devices := s.Settings.Devices
	s.Settings = settingsOf(cfg, opts.Keep)
	s.Settings.Devices = devices
	s.AutoAnswer = answersAtOnce(s.Settings)
	s.Account.DisplayName, s.Account.Hidden = shownName(s.Settings), hiddenIn(cfg)
	s.Login = configuredForm(s.Login, cfg, opts)
	return s
}

// configured is the card with what the operator lets the user fill in.
func configuredForm(f screen.LoginForm, cfg config.Config, opts Options) screen.LoginForm {
	load := opts.Keep.Load
	f.Servers, f.Realm = serversOf(cfg.WSServers), cfg.Realm
	f.FailOver = cfg.ByOperator("username")
	if cfg.ByOperator("wsServer") {
		f.Servers, f.FailOver = serversOf(cfg.FailOver()), true
	}
	f.Fixed = fixedIn(cfg)
	f.User = cfg.Username
	if !f.Fixed.User && f.User == "" {
		f.User = load(KeyUser) // an address, which no configuration can say
	}
	if cfg.Marks("username")&config.Protected != 0 {
		f.User = ""
	}
	f.Server = load(KeyServer)
	if len(cfg.WSServer) > 0 && (f.Fixed.Server || f.Server == "" || fromLink(cfg, "wsServer")) {
		f.Server = cfg.WSServer[0].Label
	}
	if _, ok := serverOf(f, f.Server); !ok && len(f.Servers) > 0 {
		f.Server = f.Servers[0].Label
	}
	return f
}

func hiddenIn(cfg config.Config) screen.Hidden {
	hidden := func(key string) bool { return cfg.ByOperator(key) && cfg.Marks(key)&config.Protected != 0 }
	return screen.Hidden{User: hidden("username"), DisplayName: hidden("displayName"), Server: hidden("wsServer")}
}
