package main

import (
	"log"
	"net/http"
)

func main() {
	// not http.ListenAndServe(":80", nil)
	log.Fatal(http.ListenAndServe(":8080", nil))
}
