"""Pages of assemblies: what is asked for, proposed, said and decided together."""
