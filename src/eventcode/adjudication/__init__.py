"""From several readings of a document to one adjudicated reading, and from reports to events: by recorded decisions only."""
