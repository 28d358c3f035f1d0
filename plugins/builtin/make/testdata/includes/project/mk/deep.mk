.RECIPEPREFIX = >
deep: ## Included twice removed
> echo deep
.RECIPEPREFIX =
still-deep:
	echo deep
