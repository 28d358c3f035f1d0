(ns shelf-test)
