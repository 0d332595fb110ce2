"""Elements of our own, where Streamlit has none: the list of chats and the bubbles of one."""
