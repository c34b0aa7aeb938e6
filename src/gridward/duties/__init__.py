"""What must be done how often, and was it. (No duty is kept yet.)"""
