// Command backend answers GET /greet?name=… with a greeting, and serves the page of the frontend.
package main

import (
	"fmt"
	"log"
	"net/http"

	"example.com/polyglot/backend/greet"
)

func main() {
	http.HandleFunc("GET /greet", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, greet.Greeting(r.URL.Query().Get("name")))
	})
	http.Handle("/", http.FileServer(http.Dir("frontend/dist")))
	log.Println("listening on http://localhost:8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}
