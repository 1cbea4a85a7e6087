"""Input made to cost much: generators of it, and what each costs at sizes n, 2n and 4n."""
