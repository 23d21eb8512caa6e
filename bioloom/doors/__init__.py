"""The doors answer: how do people come in, and what stands behind each command and page?

The command line, the page, and taking files in. Only here are the user's files, clocks and sockets
opened, and refusals caught. The doors read every entry and write CityFounded, AgentDeclared and
FileTaken themselves; all other entries are decided by the rooms that own them.
"""
