"""Exit statuses of the commands, as the manual lists them; 1 and 2 are click's: nothing done, wrong usage."""

OK = 0
BROKEN_SITES = 3  # a listing could not be read, is walled off or shows nothing; no story of a host could be; a site is silent
STORAGE = 4  # the disk refused
DAMAGED = 5  # parts of the archive are damaged; what is sound was used
INTERRUPTED_TWICE = 130
