"""How promotions keeps vouchers and sends e-mail: the only place that knows AWS."""
