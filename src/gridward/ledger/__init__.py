"""What is there: subjects and their files, imports and exports."""
