"""What the doors keep beside the record. It can be lost: the record can not."""
