"""What happened and the papers that prove it: facts, journal hash chain, sealed parts, blobs."""
