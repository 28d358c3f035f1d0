module example.com/services/cart

go 1.25.0

require example.com/libs/money v0.0.0
require golang.org/x/sync v0.12.0
