"""Codebooks: loading, looking things up, checking, and the views generated from them."""
