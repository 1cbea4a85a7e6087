"""Pictures of stories as the archive holds them: small ones, walls of them, the same photo in stories."""
