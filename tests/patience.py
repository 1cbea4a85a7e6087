"""How long tests wait for what has to come, in one place. No test is about these: a machine under load takes its time,
and only what never comes runs into them."""

PATIENCE = 240  # seconds for a process to end, a server to answer, something to happen; pytest's own limit lies above
