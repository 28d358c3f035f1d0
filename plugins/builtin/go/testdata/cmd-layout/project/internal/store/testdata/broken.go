package (
