// Package reason says in a sentence why something did not work, and what to do next: to a user, in the words of pwa/text.
//
//	reason.Login(cause, server, url)    // why nobody could be logged in
//	reason.Call(line, cause)            // why a call ended, where that wants to be explained
//	reason.Trouble(line, cause)         // what is wrong with one that goes on
//	reason.Transfer(transfer, name, cause)
//	reason.Error(err)                   // why a command failed
//
// A sentence claims no more than the cause tells: servers give one code for many things.
package reason
