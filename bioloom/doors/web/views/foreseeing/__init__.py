"""What has not happened, as its pages show it."""
