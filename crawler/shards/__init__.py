"""The sites of one sites.toml in many archive folders: which lies where, who crawls them, what is done in all."""
