// Package config is the configuration of the phone: one schema, its sources and their precedence.
//
// A server reads its file and its environment and publishes what the browser may see:
//
//	host, err := config.Parse(file)
//	env, err := config.FromEnviron(os.Environ())
//	cfg, refused := config.Merge(host, env)
//	body, err := cfg.Public()
//
// The browser reads that (Read with Host), the provisioning object (Provisioned), what the user stored (User), what the
// embedding page sets (Embedder) and the fragment of its address (FromFragment), and merges them: a later source wins,
// unless a variable is locked or not the user's to change. README.md beside this file lists every key; schema.json is the
// same as a JSON Schema.
//
// Every wrong value is an *Error that names key, value, reason and an example, and never shows a secret. Parse and
// FromEnviron refuse the whole input, Read leaves out what is wrong and reports it, so that a phone still starts.
//
// Limits: an input has at most 1 MB; host names are ASCII (an international name is written in its xn-- form); a slice in
// a Config is shared between the layers it was merged from and must not be changed.
package config
