"""People on the page: signing in, one's own account, invitations and roles."""
