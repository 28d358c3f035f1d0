module example.com/services/orders

go 1.25.0

require example.com/libs/money v0.0.0
