"""The ledger answers: what lots are there, whose are they, who holds them, and who says so.

It keeps the journal, the one record all rooms write through, and folds it into holdings: two
zero-sum sets of legs, rights and custody. It reads every entry and writes CityFounded,
AgentDeclared, FileTaken, MaterialDeclared, DistrictDeclared, AreaDeclared, SiteDeclared, LotArrived
and LotTransferred.
"""
