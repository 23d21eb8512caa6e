"""The page: the city's balance, map, plan and record for anyone with a browser.

Every page is made on the server and complete without JavaScript. Nothing here writes an entry.
"""
