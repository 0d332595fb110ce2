"""What the assistant knows, decides and says."""
