"""What an outcome did for whom, and how firmly it stands."""
