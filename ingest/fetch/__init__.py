"""Pages from the web, fetched safely. Import the module you need: this package loads nothing by itself."""
