"""The demonstration scheme: fictional people in every state, told by the site's own actions."""
