"""What a dialog says, read by code alone: deterministic, without a model, the same in production and in evaluation."""
