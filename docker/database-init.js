// Runs once, when the database is first made: the service's own user, who may read and write its database, no other.
db.getSiblingDB("minyi").createUser({
  user: "minyi",
  pwd: process.env.MONGO_PASSWORD,
  roles: [{ role: "readWrite", db: "minyi" }],
});
