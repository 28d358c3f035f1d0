package zip
