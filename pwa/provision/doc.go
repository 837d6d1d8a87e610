// Package provision gets the provisioning object of an operator, says why there is none, and keeps the last one for the time
// without network.
//
//	object, err := provision.Get(get, address, slow)
//	switch {
//	case err == nil: // object.Layer is part of the configuration
//	case provision.Refused(err): // the operator gives none: Drop what is kept
//	default: // Last is better than nothing, and Before(Why(err)) tells the user
//	}
//
// What is kept holds no secret of the object. When to ask, and what comes of it for who is logged in, is for package phone.
package provision
