# Build it
build:
  npm run build

test:
  npm test

publish tag:
  npm publish --tag {{tag}}
