"""What promotions does, in terms of its domain and of ports; how it is done is the adapters' business."""
