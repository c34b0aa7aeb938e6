"""Residents' extra rewards only. (No account is kept yet.)"""
