"""Commands of `campuswarc`: one module each, its click.Command named `command`. The file's name is the command's."""
