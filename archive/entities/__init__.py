"""People with their offices, institutions and places that stories name: read from texts when somebody asks."""
