// database: postgresql
// The main journeys on the other database, one after the other beside one server: a dispute filed, decided and followed to
// its end; the map and the passports; the quarter closed and its report read in three languages; phones; without script.
for (const name of ["disputes", "life", "map", "quarter"]) await import(`./${name}.mjs`);
