"""What an operator is told: changes for the worse and the better, by cause."""
