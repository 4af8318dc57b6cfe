"""The stages composed for one dataset: the only place that knows their order."""
