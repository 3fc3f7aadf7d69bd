"""Flask: routes, forms, templates; who may see what."""
