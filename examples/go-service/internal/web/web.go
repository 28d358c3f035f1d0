// Package web offers the tide over HTTP.
package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"example.com/go-service/internal/tide"
)

// Handler answers GET /tide?hour=9 with {"hour":9,"metres":4} and GET /health with "ok".
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tide", serveTide)
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte("ok\n"))
	})
	return mux
}

type answer struct {
	Hour   int     `json:"hour"`
	Metres float64 `json:"metres"`
}

func serveTide(w http.ResponseWriter, r *http.Request) {
	hour, err := strconv.Atoi(r.FormValue("hour"))
	if err != nil {
		http.Error(w, "hour is not a number", http.StatusBadRequest)
		return
	}
	metres, err := tide.At(hour)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(answer{hour, metres})
}
