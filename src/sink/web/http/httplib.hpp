// Includes cpp-httplib and removes the macro _res of <resolv.h>, which collides with a parameter name in Eigen.
#pragma once

#include <httplib.h>
#undef _res
