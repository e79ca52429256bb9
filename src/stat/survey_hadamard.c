/* survey_hadamard.c - matrices of 1 and -1 whose rows are orthogonal, for balanced half samples. */
#include <stdbool.h>
#include <stddef.h>

#include "stat/survey_replicate.h"

static bool is_prime(size_t q)
{
    for (size_t i = 2; i * i <= q; i++)
        if (q % i == 0)
            return false;
    return q > 1;
}

/* 1 where v is a square modulo the prime q, -1 where not, 0 at 0. */
static int residue(size_t v, size_t q)
{
    size_t power = 1, base = v % q;
    if (base == 0)
        return 0;
    for (size_t e = (q - 1) / 2; e; e /= 2) { /* Euler's criterion */
        if (e & 1)
            power = power * base % q;
        base = base * base % q;
    }
    return power == 1 ? 1 : -1;
}

enum { NONE, ONE, DOUBLED, PALEY1, PALEY2 };

/* How a matrix of this order is made. */
static int made_by(size_t order)
{
    if (order == 1)
        return ONE;
    if (order % 4 == 0 && is_prime(order - 1))
        return PALEY1;
    if (order % 4 == 0 && (order / 2 - 1) % 4 == 1 && is_prime(order / 2 - 1))
        return PALEY2;
    return order % 2 == 0 && made_by(order / 2) ? DOUBLED : NONE;
}

static int entry(size_t order, size_t i, size_t j)
{
    size_t half = order / 2, q;
    switch (made_by(order)) {
    case PALEY1:
        /* A border of ones, Legendre symbols of the differences (skew as q = 3 mod 4), -1 on the diagonal. */
        q = order - 1;
        if (i == 0 || j == 0)
            return i == 0 ? 1 : -1;
        return i == j ? 1 : residue(i + q - j, q);
    case PALEY2: { /* symmetric conference matrix C of order q + 1, as C x [1 1; 1 -1] + I x [1 -1; -1 -1] */
        q = half - 1;
        size_t ci = i / 2, cj = j / 2;
        int corner = i % 2 && j % 2 ? -1 : 1, diagonal = i % 2 || j % 2 ? -1 : 1;
        if (ci == cj)
            return diagonal;
        return corner * (ci == 0 || cj == 0 ? 1 : residue(ci + q - cj, q));
    }
    case DOUBLED:
        return entry(half, i % half, j % half) * (i >= half && j >= half ? -1 : 1);
    default:
        return 1;
    }
}

size_t survey_hadamard(size_t least, signed char *out)
{
    size_t order = least > 0 ? least : 1;
    while (!made_by(order))
        order++;
    for (size_t i = 0; out && i < order; i++)
        for (size_t j = 0; j < order; j++)
            out[i * order + j] = (signed char)(entry(order, i, j) * entry(order, 0, j));
    return order;
}
