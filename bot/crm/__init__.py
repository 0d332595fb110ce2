"""The adapters to CRMs: everything that knows how one takes a lead."""
