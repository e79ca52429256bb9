/* mercator.c - Web Mercator on the unit square; see shape.h. */
#include "geo/shape.h"

#include <math.h>

static const double PI = 3.14159265358979323846;
static const double MAX_LAT = 85.0511287798066; /* where the projected world is a square */

double mercator_x(int32_t lon)
{
    return (geo_degrees(lon) + 180) / 360;
}

double mercator_y(int32_t lat)
{
    double degrees = fmax(-MAX_LAT, fmin(MAX_LAT, geo_degrees(lat)));
    double s = sin(degrees * PI / 180);
    return 0.5 - log((1 + s) / (1 - s)) / (4 * PI);
}

int32_t mercator_lon(double x)
{
    return (int32_t)lround(fmax(-180, fmin(180, x * 360 - 180)) * 1e6);
}

int32_t mercator_lat(double y)
{
    return (int32_t)lround(fmax(-90, fmin(90, atan(sinh(PI * (1 - 2 * y))) * 180 / PI)) * 1e6);
}

struct geo_box mercator_tile_box(int z, uint32_t x, uint32_t y, double margin)
{
    double side = ldexp(1, -z);
    return (struct geo_box){
        .west = mercator_lon((x - margin) * side),
        .south = mercator_lat((y + 1 + margin) * side),
        .east = mercator_lon((x + 1 + margin) * side),
        .north = mercator_lat((y - margin) * side),
    };
}
