(defproject app "0.1.0"
  ; :main nothing
  :main ^:skip-aot app.core)
