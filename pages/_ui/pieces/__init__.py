"""Small pictures in plain HTML: quick to draw, readable by everybody, each number a link to what is behind it."""
