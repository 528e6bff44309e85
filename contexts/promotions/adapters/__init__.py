"""The adapters of promotions: tables, codes and e-mail. The only modules of this context that call AWS."""
