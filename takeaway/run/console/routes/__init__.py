"""The routes and live parts of the console, a file for each page."""
