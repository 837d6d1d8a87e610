package phone

// DebugCode, dialled, switches the SIP trace on and off and calls nobody.
const DebugCode = "*#0*#"
