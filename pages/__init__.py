"""The dashboard's pages: each is a title, a few questions and their answers."""
