"""What travels: marshmallow schemas, one file a noun. Imports marshmallow and service.domain, nothing else of ours."""
