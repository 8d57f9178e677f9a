"""From a question to a cited answer. Import the module you need: this package loads nothing by itself."""
