"""What a plan may have beside ways from districts to sites: stores, yields and lanes, as arrays."""
