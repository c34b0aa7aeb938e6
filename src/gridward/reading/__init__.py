"""Plan text to proposals with quotation and position. Pure. (Nothing is read yet.)"""
