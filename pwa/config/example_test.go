package config_test

import (
	"errors"
	"fmt"

	"github.com/gowebphone/webphone/pwa/config"
)

func Example() {
	host, err := config.Parse([]byte(`{"wsServers": "a.example.com, b.example.com", "brandName": "Example Clinic", "locked": ` +
		`["realm"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	env, err := config.FromEnviron([]string{"WEBPHONE_THEME=dark", "WEBPHONE_REALM=internal.example.com",
		"WEBPHONE_PRIVATE=realm"})
	if err != nil {
		fmt.Println(err)
		return
	}
	cfg, _ := config.Merge(host, env)
	body, err := cfg.Public()
	fmt.Println(string(body))
	fmt.Println(err)
	fmt.Println(cfg.CSPConnect())
	// Output:
	// {"brandName":"Example Clinic","locked":["realm"],"theme":"dark","wsServers":["wss://a.example.com","wss://b.example.com"]}
	// <nil>
	// [wss://a.example.com https://a.example.com wss://b.example.com https://b.example.com]
}

func ExampleMerge() {
	host, err := config.Parse([]byte(`{"wsServers": "a.example.com", "username": "1001"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	link, _ := config.FromFragment("#username=1002&language=de&number=+442079460000")
	cfg, refused := config.Merge(host, link)
	fmt.Println(cfg.Username, cfg.Language, cfg.Number)
	fmt.Println(refused[0])
	// Output:
	// 1001 de +442079460000
	// config: username: is set by the operator and cannot be changed
}

func ExampleServers() {
	_, err := config.Servers("sip.example.com, http://b.example.com")
	var fault *config.Error
	fmt.Println(errors.As(err, &fault), fault.Value, fault.Reason)
	// Output: true "http://b.example.com" must be a host name or begin with wss://
}

func ExampleCodec_Apply() {
	codec := config.Codec{Delete: []string{"PC.*"}, Priority: []string{"g722"}}
	fmt.Println(codec.Apply([]string{"opus", "G722", "PCMU", "PCMA", "telephone-event"}))
	// Output: [G722 opus telephone-event] <nil>
}

func ExampleRead() {
	cfg, faults, err := config.Read(config.Provisioned, []byte(`{"sipUser": {"username": "1001"}, "theme": "pink"}`))
	fmt.Println(cfg.Username, err)
	fmt.Println(faults[0])
	// Output:
	// 1001 <nil>
	// config: theme "pink": must be one of system, light, dark; for example "dark"
}
