package config

import _ "embed"

// Schema is the JSON Schema (draft 2020-12) of config.json, for editors and for operators' own checks. Parse checks more
// than a schema can say.
//
//go:embed schema.json
var Schema string
