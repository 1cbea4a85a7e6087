"""What programs of others ask by protocols of their own."""
