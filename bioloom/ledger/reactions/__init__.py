"""What the ledger does of itself when something is recorded or an instant comes."""
