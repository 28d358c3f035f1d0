package main

import (
	"io"
	"log"
)

// quieten silences what libraries say to nobody in particular ("Unsolicited response received on idle HTTP
// channel", when a Docker engine ends a connection): what a user has to know comes back as an error.
func quieten() { log.SetOutput(io.Discard) }
