"""The seller's hand on the assistant: instructions, modes, hours, drafts, the playground."""
