module example.com/shop

go 1.26

require example.com/money v1.0.0

replace example.com/money => ./money
