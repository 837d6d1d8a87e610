package phone

import (
	"context"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/books"
)

func (p *Phone) useAudio(c UseAudio) {
	engine, ok := p.opts.Engine.(media.AudioSwitcher)
	if !ok {
		return // its sessions stay with what they were made with
	}
	told := p.asker()
	go func() {
		if err := engine.SwitchAudio(context.Background(), media.AudioConstraints(c.Audio)); err != nil &&
			len(c.Audio.DeviceID+c.Audio.SpeakerID) > 0 {
			told(Failed{Command: c, Err: err, At: p.opts.Now()})
		}
	}()
}

// erase forgets everything that is kept.
func (p *Phone) erase() {
	for _, key := range []string{KeyInstance, KeyUser, KeyServer, KeyTheme, KeyLanguage, KeyDoNotDisturb, KeyListWidth,
		KeySettings, KeyStay,
		KeyTyped, KeySought, KeySoughtPeople, books.LeftKey} {
		p.opts.Keep.Save(key, "")
	}
	p.forget()
	go func() { p.notKept(p.books.Erase(context.Background())) }()
}
