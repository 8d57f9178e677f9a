"""The page and API for the people who keep the guide. Import the module you need: this one loads nothing."""
