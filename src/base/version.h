/* version.h - the program's version, as it stands in reports, logs and /openapi.json. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define PROGRAM_VERSION "0.1.0"

#endif
