"""Only the article stays. Import the module you need: this package loads nothing by itself."""
