// cpp-httplib, less the macro _res of the <resolv.h> it includes, which is the name of a parameter in Eigen.
#pragma once

#include <httplib.h>
#undef _res
