"""How well staff and units do. (Nothing is assessed yet.)"""
