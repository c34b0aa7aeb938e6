"""Divide grids, post people, lay out visits and routes. Pure. (Nothing is planned yet.)"""
