"""What leaves the project: manifest, metadata, data card, differences, verified evidence, immutable releases."""
