"""What a check found, in the formats that people, editors and code hosts read: one module each, one table."""
