"""From files to the index. Import the module you need: this package loads nothing by itself."""
