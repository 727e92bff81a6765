"""The desk: pages for evaluators, purchasers, authorities and providers; `home` holds their blueprint."""
