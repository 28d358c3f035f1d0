package web

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAnswers(t *testing.T) {
	for _, test := range []struct {
		method, path, body string
		code               int
		want               string
	}{
		{"GET", "/health", "", 200, `"ok"`},
		{"GET", "/products", "", 200, `[{"name":"rope","cents":1200}]`},
		{"POST", "/orders", `{"product":"rope","amount":2}`, 200, `{"id":1,"product":"rope","amount":2,"cents":1200}`},
		{"POST", "/orders", `{"product":"whale","amount":2}`, 404, `no such thing`},
		{"POST", "/orders", `{"product":"rope","amount":0}`, 400, `wanted 1 to 1000`},
		{"POST", "/orders", `rope`, 400, `no JSON`},
		{"GET", "/orders/1", "", 200, `"receipt":"receipt of 1"`},
		{"GET", "/orders/2", "", 404, `no such thing`},
		{"GET", "/orders/rope", "", 404, `no such thing`},
		{"DELETE", "/orders/1", "", 405, ``},
	} {
		w := httptest.NewRecorder()
		New(&shelf{}, &shelf{}).ServeHTTP(w, httptest.NewRequest(test.method, test.path, strings.NewReader(test.body)))
		if w.Code != test.code || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s %s: got %d %s", test.method, test.path, w.Code, w.Body)
		}
	}
}

// What went wrong inside is not told to the caller.
func TestDetailsStayInside(t *testing.T) {
	w := httptest.NewRecorder()
	New(&shelf{sick: errors.New("password wrong")}, nil).ServeHTTP(w, httptest.NewRequest("GET", "/health", nil))
	if w.Code != 500 || strings.Contains(w.Body.String(), "password") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// shelf is a shop with one product and one order.
type shelf struct{ sick error }

func (s *shelf) Ready(context.Context) error                 { return s.sick }
func (s *shelf) Products(context.Context) ([]Product, error) { return []Product{{"rope", 1200}}, nil }
func (s *shelf) Put(context.Context, Order) error            { return nil }
func (s *shelf) Receipt(context.Context, int64) (string, error) {
	return "receipt of 1", nil
}

func (s *shelf) Add(_ context.Context, product string, amount int) (Order, error) {
	if product != "rope" {
		return Order{}, ErrNone
	}
	return Order{ID: 1, Product: product, Amount: amount, Cents: 1200}, nil
}

func (s *shelf) Order(_ context.Context, id int64) (Order, error) {
	if id != 1 {
		return Order{}, ErrNone
	}
	return Order{ID: 1, Product: "rope", Amount: 2, Cents: 1200}, nil
}
